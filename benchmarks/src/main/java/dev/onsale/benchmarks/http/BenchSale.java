package dev.onsale.benchmarks.http;

import dev.onsale.api.CampaignId;
import dev.onsale.api.PerformanceId;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.client.OnsaleClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What is sold in a measurement; made with the API, as an operator does. */
final class BenchSale {

    private static final int ROW = 100;

    private final OnsaleClient client;
    private final String operator;

    BenchSale(OnsaleClient client, String operator) {
        this.client = client;
        this.operator = operator;
    }

    /**
     * A performance whose seats are named {@code S-0}, {@code S-1} and so on.
     *
     * @param waitingRoom whether a waiting room is opened for it, too
     */
    PerformanceId performance(String name, int seats, boolean waitingRoom)
            throws NotDoneException, InterruptedException {
        Instant now = Instant.now();
        List<Map<String, Object>> rows = IntStream.range(0, (seats + ROW - 1) / ROW)
                .mapToObj(row -> Map.<String, Object>of(
                        "row_number",
                        Integer.toString(row),
                        "position",
                        Map.of("x", 0, "y", row),
                        "seats",
                        IntStream.range(row * ROW, Math.min(seats, (row + 1) * ROW))
                                .mapToObj(seat -> seat(seat, row))
                                .toList()))
                .toList();
        Map<String, Object> plan = Map.of(
                "name", name,
                "categories", List.of(Map.of("name", "A", "color", "#E87722")),
                "zones", List.of(Map.of("name", "Stalls", "position", Map.of("x", 0, "y", 0), "rows", rows)),
                "size", Map.of("width", 1000, "height", 1000));
        PerformanceId performance = client.schedule(
                        operator,
                        name,
                        Map.of(
                                "title",
                                name,
                                "startsAt",
                                now.plus(Duration.ofDays(1)).toString(),
                                "saleOpensAt",
                                now.minus(Duration.ofMinutes(1)).toString(),
                                "saleClosesAt",
                                now.plus(Duration.ofHours(20)).toString(),
                                "maxSeatsPerBuyer",
                                4,
                                "holdDuration",
                                "PT30M",
                                "waitingRoom",
                                waitingRoom,
                                "prices",
                                Map.of("A", Map.of("minorUnits", 4_900, "currency", "EUR")),
                                "seatingPlan",
                                plan))
                .orElseThrow("The performance cannot be scheduled");
        if (waitingRoom) {
            client.openRoom(operator, performance, Map.of("activeLimit", 1, "admitPerSecond", 1, "activeSeconds", 600));
        }
        return performance;
    }

    private static Map<String, Object> seat(int number, int row) {
        return Map.of(
                "seat_guid",
                "S-" + number,
                "seat_number",
                Integer.toString(number),
                "position",
                Map.of("x", number % ROW, "y", row),
                "category",
                "A");
    }

    CampaignId campaign(String name, int quantity) throws NotDoneException, InterruptedException {
        Instant now = Instant.now();
        return client.launch(
                        operator,
                        name,
                        Map.of(
                                "name",
                                name,
                                "quantity",
                                quantity,
                                "maxCouponsPerBuyer",
                                1,
                                "opensAt",
                                now.minus(Duration.ofMinutes(1)).toString(),
                                "closesAt",
                                now.plus(Duration.ofHours(20)).toString(),
                                "discount",
                                Map.of("percentOff", 10)))
                .orElseThrow("The campaign cannot be launched");
    }
}
