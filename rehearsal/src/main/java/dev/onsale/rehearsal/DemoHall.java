package dev.onsale.rehearsal;

import dev.onsale.api.SeatLabel;
import dev.onsale.eventlog.EventJson;
import dev.onsale.rehearsal.client.NotDoneException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The demo hall and the order in which its seats are wanted. */
final class DemoHall {

    private static final String PLAN = "/demo/riethsporthalle-erfurt.seating-plan.json";

    /** Categories from best to worst. All other categories rank equal to the last one. */
    private static final List<String> BEST_CATEGORIES = List.of("VIP", "Kategorie I", "Kategorie II");

    private static final long DEAREST_MINOR_UNITS = 14_900;
    private static final long STEP_MINOR_UNITS = 4_000;

    private final JsonNode plan;
    private final List<Place> bestFirst;

    private record Place(SeatLabel label, String category) {}

    private DemoHall(JsonNode plan) {
        this.plan = plan;
        List<Place> places = new ArrayList<>();
        for (JsonNode zone : plan.path("zones")) {
            for (JsonNode row : zone.path("rows")) {
                for (JsonNode seat : row.path("seats")) {
                    places.add(new Place(
                            SeatLabel.of(seat.path("seat_guid").asString()),
                            seat.path("category").asString()));
                }
            }
        }
        // The sort is stable, so each category keeps the order of the plan.
        this.bestFirst = places.stream()
                .sorted(Comparator.comparingInt(place -> rank(place.category())))
                .toList();
    }

    static DemoHall load() throws NotDoneException {
        try (@Nullable InputStream in = DemoHall.class.getResourceAsStream(PLAN)) {
            if (in == null) {
                throw new NotDoneException("The hall " + PLAN + " is not on the class path; build again");
            }
            return new DemoHall(EventJson.mapper().readTree(in));
        } catch (IOException e) {
            throw new NotDoneException("The hall " + PLAN + " cannot be read: " + e.getMessage());
        }
    }

    JsonNode plan() {
        return plan;
    }

    int seats() {
        return bestFirst.size();
    }

    /** The best seats of the hall, best first. */
    List<SeatLabel> best(int count) {
        return bestFirst.stream().limit(count).map(Place::label).toList();
    }

    String category(SeatLabel seat) {
        return bestFirst.stream()
                .filter(place -> place.label().equals(seat))
                .findAny()
                .orElseThrow()
                .category();
    }

    Map<String, Map<String, Object>> prices() {
        Map<String, Map<String, Object>> prices = new LinkedHashMap<>();
        for (JsonNode category : plan.path("categories")) {
            String name = category.path("name").asString();
            long minorUnits = DEAREST_MINOR_UNITS - STEP_MINOR_UNITS * Math.min(rank(name), 3);
            prices.put(name, Map.of("minorUnits", minorUnits, "currency", "EUR"));
        }
        return prices;
    }

    private static int rank(String category) {
        int index = BEST_CATEGORIES.indexOf(category);
        return index < 0 ? BEST_CATEGORIES.size() : index;
    }
}
