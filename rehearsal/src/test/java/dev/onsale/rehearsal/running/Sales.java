package dev.onsale.rehearsal.running;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Valid request bodies of operators. Tests change single values. */
public final class Sales {

    public static final String BEGAN = "2026-01-01T00:00:00Z";
    public static final String ENDS = "2099-01-01T00:00:00Z";
    private static final int ROWS = 5;
    private static final int SEATS = 10;

    private Sales() {}

    /** Fifty seats, P-1-1 to P-5-10, in two categories: the first two rows at 89.00, the others at 49.00. */
    public static Map<String, Object> performance() {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("title", "An evening");
        request.put("startsAt", ENDS);
        request.put("saleOpensAt", BEGAN);
        request.put("saleClosesAt", ENDS);
        request.put("maxSeatsPerBuyer", 4);
        request.put("holdDuration", "PT10M");
        request.put("waitingRoom", false);
        request.put("prices", new LinkedHashMap<>(Map.of("Front", euro(8_900), "Back", euro(4_900))));
        request.put("seatingPlan", plan());
        return request;
    }

    public static Map<String, Object> plan() {
        List<Object> rows = new ArrayList<>();
        for (int row = 1; row <= ROWS; row++) {
            List<Object> seats = new ArrayList<>();
            for (int seat = 1; seat <= SEATS; seat++) {
                seats.add(new LinkedHashMap<>(Map.of(
                        "seat_guid",
                        "P-" + row + "-" + seat,
                        "seat_number",
                        Integer.toString(seat),
                        "category",
                        row <= 2 ? "Front" : "Back",
                        "position",
                        Map.of("x", seat * 10, "y", 0))));
            }
            rows.add(new LinkedHashMap<>(Map.of(
                    "row_number", Integer.toString(row), "position", Map.of("x", 0, "y", row * 10), "seats", seats)));
        }
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("name", "A small hall");
        plan.put(
                "categories",
                new ArrayList<>(List.of(
                        new LinkedHashMap<>(Map.of("name", "Front", "color", "#E87722")),
                        new LinkedHashMap<>(Map.of("name", "Back", "color", "#0033A0")))));
        plan.put(
                "zones",
                new ArrayList<>(List.of(new LinkedHashMap<>(
                        Map.of("name", "Parquet", "position", Map.of("x", 0, "y", 0), "rows", rows)))));
        plan.put("size", Map.of("width", 100, "height", 100));
        return plan;
    }

    public static Map<String, Object> campaign(int quantity) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("name", "The first ones");
        request.put("quantity", quantity);
        request.put("maxCouponsPerBuyer", 1);
        request.put("opensAt", BEGAN);
        request.put("closesAt", ENDS);
        request.put("discount", Map.of("percentOff", 20));
        return request;
    }

    public static Map<String, Object> euro(long minorUnits) {
        return Map.of("minorUnits", minorUnits, "currency", "EUR");
    }

    /** Creates a performance, waits until the read model has it, and returns its id. */
    public static String scheduled(Onsale onsale, Map<String, Object> performance) throws Exception {
        return created(onsale, "/api/performances", performance, "performanceId");
    }

    /** Creates a campaign, waits until the read model has it, and returns its id. */
    public static String launched(Onsale onsale, Map<String, Object> campaign) throws Exception {
        return created(onsale, "/api/campaigns", campaign, "campaignId");
    }

    private static String created(Onsale onsale, String path, Map<String, Object> content, String id) throws Exception {
        String created = onsale.post(path)
                .as(onsale.operator())
                .key(UUID.randomUUID().toString())
                .json(content)
                .send()
                .require(201)
                .path(id)
                .asString();
        await("view of " + path + "/" + created)
                .atMost(Duration.ofSeconds(60))
                .until(() -> onsale.get(path + "/" + created).send().status() == 200);
        return created;
    }
}
