package dev.onsale.command.performance;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatingPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads a seating plan in the pretix seating-plan format: {@code name}, {@code categories}, {@code zones} with {@code rows}
 * with {@code seats}, {@code size}. Properties it does not know (areas, colours of text) are for drawing and are skipped.
 */
final class SeatingPlanJson {

    private static final int CATEGORIES_MAX = 100;
    private static final int ZONES_MAX = 1_000;
    private static final int NAME_LENGTH_MAX = 200;

    private final Map<String, Integer> categoryIndex = new HashMap<>();
    private final Set<SeatLabel> labels = new HashSet<>();

    private SeatingPlanJson() {}

    /**
     * @throws RefusedException with {@code INVALID_SEATING_PLAN} and the place of the first thing that is wrong
     */
    static SeatingPlan read(JsonNode plan) {
        return new SeatingPlanJson().plan(plan);
    }

    private SeatingPlan plan(JsonNode plan) {
        if (!plan.isObject()) {
            throw invalid("The seating plan is a JSON object");
        }
        String name = text(plan, "name", "the plan");
        List<SeatingPlan.Category> categories = new ArrayList<>();
        for (JsonNode node : list(plan, "categories", "the plan", CATEGORIES_MAX)) {
            String category = text(node, "name", "category " + (categories.size() + 1));
            if (categoryIndex.put(category, categories.size()) != null) {
                throw invalid("Category " + category + " is there twice");
            }
            categories.add(new SeatingPlan.Category(category, node.path("color").asString("")));
        }
        List<SeatingPlan.Zone> zones = new ArrayList<>();
        for (JsonNode node : list(plan, "zones", "the plan", ZONES_MAX)) {
            zones.add(zone(node, zones.size() + 1));
        }
        if (labels.isEmpty()) {
            throw invalid("The plan has no seat");
        }
        JsonNode size = plan.path("size");
        return new SeatingPlan(name, categories, zones, number(size, "width", "size"), number(size, "height", "size"));
    }

    private SeatingPlan.Zone zone(JsonNode node, int index) {
        String where = "zone " + index;
        String name = text(node, "name", where);
        List<SeatingPlan.Row> rows = new ArrayList<>();
        for (JsonNode row : list(node, "rows", where, SeatingPlan.SEATS_MAX)) {
            rows.add(row(row, where + ", row " + (rows.size() + 1)));
        }
        JsonNode position = node.path("position");
        return new SeatingPlan.Zone(name, number(position, "x", where), number(position, "y", where), rows);
    }

    private SeatingPlan.Row row(JsonNode node, String where) {
        List<SeatingPlan.Seat> seats = new ArrayList<>();
        for (JsonNode seat : list(node, "seats", where, SeatingPlan.SEATS_MAX)) {
            seats.add(seat(seat, where + ", seat " + (seats.size() + 1)));
        }
        JsonNode position = node.path("position");
        return new SeatingPlan.Row(
                scalar(node, "row_number", where), number(position, "x", where), number(position, "y", where), seats);
    }

    private SeatingPlan.Seat seat(JsonNode node, String where) {
        SeatLabel label = label(text(node, "seat_guid", where), where);
        if (!labels.add(label)) {
            throw invalid("Seat " + label + " is there twice, again at " + where);
        }
        if (labels.size() > SeatingPlan.SEATS_MAX) {
            throw invalid("A plan has at most " + SeatingPlan.SEATS_MAX + " seats");
        }
        String category = text(node, "category", where);
        Integer index = categoryIndex.get(category);
        if (index == null) {
            throw invalid("The category " + category + " of " + where + " is not among the plan's categories");
        }
        JsonNode position = node.path("position");
        return new SeatingPlan.Seat(
                label,
                scalar(node, "seat_number", where),
                index,
                number(position, "x", where),
                number(position, "y", where));
    }

    private static SeatLabel label(String text, String where) {
        try {
            return SeatLabel.of(text);
        } catch (InvalidValueException e) {
            throw invalid(e.getMessage() + ", at " + where);
        }
    }

    private static JsonNode list(JsonNode node, String name, String where, int entriesMax) {
        JsonNode list = node.path(name);
        if (!list.isArray()) {
            throw invalid("A list named " + name + " is missing in " + where);
        }
        if (list.size() > entriesMax) {
            throw invalid("The list " + name + " in " + where + " has more than " + entriesMax + " entries");
        }
        return list;
    }

    private static String text(JsonNode node, String name, String where) {
        JsonNode text = node.path(name);
        if (!text.isString()
                || text.stringValue().isBlank()
                || text.stringValue().length() > NAME_LENGTH_MAX) {
            throw invalid(
                    "A text named " + name + " of 1 to " + NAME_LENGTH_MAX + " characters is missing in " + where);
        }
        return text.stringValue();
    }

    private static String scalar(JsonNode node, String name, String where) {
        JsonNode value = node.path(name);
        String text = value.isString() || value.isNumber() ? value.asString() : "";
        if (text.length() > NAME_LENGTH_MAX) {
            throw invalid(name + " is too long in " + where);
        }
        return text;
    }

    private static double number(JsonNode node, String name, String where) {
        JsonNode number = node.path(name);
        if (number.isMissingNode() || number.isNull()) {
            return 0;
        }
        if (!number.isNumber() || !Double.isFinite(number.doubleValue())) {
            throw invalid(name + " is not a number in " + where);
        }
        return number.doubleValue();
    }

    private static RefusedException invalid(String detail) {
        return new RefusedException(RefusalCode.INVALID_SEATING_PLAN, detail);
    }
}
