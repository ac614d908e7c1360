package dev.onsale.command.performance;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.command.performance.SeatingPlanDraft.Point;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a seating plan in the pretix seating-plan format: {@code name}, {@code categories}, {@code zones} with {@code rows}
 * with {@code seats}, {@code size}. Needed are the names of categories, and {@code seat_guid} and {@code category} of a seat;
 * names of zones are derived and missing positions are laid out. Properties it does not know (areas, colours of text) are for
 * drawing and are skipped.
 */
final class SeatingPlanJson {

    private static final int CATEGORIES_MAX = 100;
    private static final int ZONES_MAX = 1_000;
    private static final int NAME_LENGTH_MAX = 200;
    private static final String PLAN = "the plan";

    private final PlanFaults faults = new PlanFaults();
    private final Map<String, Integer> categoryIndex = new HashMap<>();
    private final Map<SeatLabel, String> placeOf = new HashMap<>();
    private int seats;

    private SeatingPlanJson() {}

    /**
     * @throws RefusedException with {@code INVALID_SEATING_PLAN} and the places of everything that is wrong
     */
    static SeatingPlan read(JsonNode plan) {
        return new SeatingPlanJson().plan(plan);
    }

    private SeatingPlan plan(JsonNode plan) {
        if (!plan.isObject()) {
            faults.add(PLAN, "The seating plan is a JSON object");
            throw faults.refusal();
        }
        String name = optionalText(plan, "name", PLAN);
        List<SeatingPlan.Category> categories = categories(plan);
        List<SeatingPlanDraft.Zone> zones = new ArrayList<>();
        for (JsonNode node : list(plan, "zones", PLAN, ZONES_MAX, true)) {
            zones.add(zone(node, zones.size() + 1));
        }
        if (seats == 0) {
            faults.add(PLAN, "The plan has no seat");
        }
        JsonNode size = plan.path("size");
        double width = number(size, "width", "size");
        double height = number(size, "height", "size");
        if (!faults.isEmpty()) {
            throw faults.refusal();
        }
        return SeatingPlanLayout.of(name == null ? "Seating plan" : name, categories, zones, width, height);
    }

    private List<SeatingPlan.Category> categories(JsonNode plan) {
        List<SeatingPlan.Category> categories = new ArrayList<>();
        for (JsonNode node : list(plan, "categories", PLAN, CATEGORIES_MAX, true)) {
            String where = "category " + (categories.size() + 1);
            String category = text(node, "name", where);
            if (!category.isEmpty() && categoryIndex.putIfAbsent(category, categories.size()) != null) {
                faults.add(where, "Category " + category + " is there twice");
            }
            categories.add(new SeatingPlan.Category(category, node.path("color").asString("")));
        }
        return categories;
    }

    private SeatingPlanDraft.Zone zone(JsonNode node, int index) {
        String where = "zone " + index;
        String name = optionalText(node, "name", where);
        String id = name == null ? optionalText(node, "zone_id", where) : name;
        List<SeatingPlanDraft.Row> rows = new ArrayList<>();
        for (JsonNode row : list(node, "rows", where, SeatingPlan.SEATS_MAX, false)) {
            rows.add(row(row, where + ", row " + (rows.size() + 1)));
        }
        return new SeatingPlanDraft.Zone(id == null ? "Zone " + index : id, position(node, where), rows);
    }

    private SeatingPlanDraft.Row row(JsonNode node, String where) {
        List<SeatingPlanDraft.Seat> row = new ArrayList<>();
        int index = 0;
        for (JsonNode seat : list(node, "seats", where, SeatingPlan.SEATS_MAX, false)) {
            SeatingPlanDraft.Seat read = seat(seat, where + ", seat " + ++index);
            if (read != null) {
                row.add(read);
            }
        }
        return new SeatingPlanDraft.Row(scalar(node, "row_number", where), position(node, where), row);
    }

    private SeatingPlanDraft.@Nullable Seat seat(JsonNode node, String where) {
        if (++seats > SeatingPlan.SEATS_MAX) {
            faults.add(PLAN, "A plan has at most " + SeatingPlan.SEATS_MAX + " seats");
            throw faults.refusal();
        }
        SeatLabel label = label(node, where);
        Integer category = category(node, where);
        String number = scalar(node, "seat_number", where);
        Point position = position(node, where);
        return label == null || category == null ? null : new SeatingPlanDraft.Seat(label, number, category, position);
    }

    private @Nullable Integer category(JsonNode node, String where) {
        String category = text(node, "category", where);
        Integer index = categoryIndex.get(category);
        if (index == null && !category.isEmpty()) {
            faults.add(where, "The category " + category + " is not among the plan's categories");
        }
        return index;
    }

    /** Labels must be unique: each repeated label is a fault. */
    private @Nullable SeatLabel label(JsonNode node, String where) {
        String text = text(node, "seat_guid", where);
        if (text.isEmpty()) {
            return null;
        }
        try {
            SeatLabel label = SeatLabel.of(text);
            String first = placeOf.putIfAbsent(label, where);
            if (first != null) {
                faults.add(where, "Seat " + label + " is there twice, first at " + first);
            }
            return label;
        } catch (InvalidValueException e) {
            faults.add(where, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private Iterable<JsonNode> list(JsonNode node, String name, String where, int entriesMax, boolean needed) {
        JsonNode list = node.path(name);
        if (isAbsent(list) && !needed && node.isObject()) {
            return List.of();
        }
        if (!list.isArray()) {
            faults.add(where, "A list named " + name + " is missing");
            return List.of();
        }
        if (list.size() > entriesMax) {
            faults.add(where, "The list " + name + " has more than " + entriesMax + " entries");
            throw faults.refusal();
        }
        return list;
    }

    /** "" if it is missing, which then is a fault. */
    private String text(JsonNode node, String name, String where) {
        String text = optionalText(node, name, where);
        if (text == null && isAbsent(node.path(name))) {
            faults.add(where, "A text named " + name + " of 1 to " + NAME_LENGTH_MAX + " characters is missing");
        }
        return text == null ? "" : text;
    }

    private @Nullable String optionalText(JsonNode node, String name, String where) {
        JsonNode text = node.path(name);
        if (isAbsent(text)) {
            return null;
        }
        if (!text.isString() || text.stringValue().isBlank() || length(text.stringValue()) > NAME_LENGTH_MAX) {
            faults.add(where, name + " is a text of 1 to " + NAME_LENGTH_MAX + " characters");
            return null;
        }
        return text.stringValue();
    }

    private String scalar(JsonNode node, String name, String where) {
        JsonNode value = node.path(name);
        String text = value.isString() || value.isNumber() ? value.asString() : "";
        if (length(text) > NAME_LENGTH_MAX) {
            faults.add(where, name + " is too long");
        }
        return text;
    }

    private @Nullable Point position(JsonNode node, String where) {
        JsonNode position = node.path("position");
        if (isAbsent(position)) {
            return null;
        }
        if (!position.isObject()) {
            faults.add(where, "position is an object with x and y");
            return null;
        }
        return new Point(number(position, "x", where), number(position, "y", where));
    }

    private double number(JsonNode node, String name, String where) {
        JsonNode number = node.path(name);
        if (isAbsent(number)) {
            return 0;
        }
        if (!number.isNumber() || !Double.isFinite(number.doubleValue())) {
            faults.add(where, name + " is not a number");
            return 0;
        }
        return number.doubleValue();
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
