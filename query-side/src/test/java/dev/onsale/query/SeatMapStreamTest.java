package dev.onsale.query;

import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.embedded.Service;
import dev.onsale.testsupport.TestServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whoever watches a hall sees what the rows say, not too often and not for ever behind. */
class SeatMapStreamTest extends QuerySideTest {

    private static final int SEATS = 160;
    private static final int TAKEN = 80;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();

    private final class Viewer implements AutoCloseable {

        private final List<ServerSentEvent<String>> events = new CopyOnWriteArrayList<>();
        private final List<Long> nanos = new CopyOnWriteArrayList<>();
        private final Disposable stream;

        Viewer(@Nullable String lastEventId) {
            stream = http.mutate()
                    .responseTimeout(Duration.ofMinutes(1))
                    .build()
                    .get()
                    .uri("/api/performances/{id}/seat-map/stream", performance)
                    .accept(MediaType.TEXT_EVENT_STREAM)
                    .headers(headers -> {
                        if (lastEventId != null) {
                            headers.set("Last-Event-ID", lastEventId);
                        }
                    })
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .returnResult(new ParameterizedTypeReference<ServerSentEvent<String>>() {})
                    .getResponseBody()
                    .filter(event -> event.data() != null)
                    .subscribe(event -> {
                        nanos.add(System.nanoTime());
                        events.add(event);
                    });
        }

        /** The map that the events make, seat by seat. */
        String map() {
            StringBuilder map = new StringBuilder();
            for (ServerSentEvent<String> event : events) {
                JsonNode data = JSON.readTree(Objects.requireNonNull(event.data()));
                if ("seat-map".equals(event.event())) {
                    map = new StringBuilder(data.path("seats").asString());
                } else {
                    for (var seat : data.path("seats").properties()) {
                        map.setCharAt(
                                Integer.parseInt(seat.getKey()),
                                seat.getValue().asString().charAt(0));
                    }
                }
            }
            return map.toString();
        }

        String lastId() {
            return Objects.requireNonNull(events.getLast().id());
        }

        @Override
        public void close() {
            stream.dispose();
        }
    }

    @Test
    void every_viewer_sees_the_map_and_then_what_changes_in_it_not_more_often_than_it_should() {
        TELLER.tell(scheduled(performance, SEATS));
        TELLER.tell(seatHeld(performance, 1, reservation));
        awaitConsumed();
        List<Viewer> viewers = new ArrayList<>();
        try {
            IntStream.range(0, 5).forEach(viewer -> viewers.add(new Viewer(null)));
            eventually("all see the whole map")
                    .until(() -> viewers.stream().allMatch(viewer -> viewer.events.size() == 1));
            String whole = "H" + "A".repeat(SEATS - 1);
            viewers.forEach(viewer -> assertThat(viewer.map()).isEqualTo(whole));
            assertThat(viewers.getFirst().events.getFirst().event()).isEqualTo("seat-map");

            for (int seat = 2; seat <= TAKEN; seat++) {
                TELLER.tell(seatHeld(performance, seat, reservation));
                if (seat % 4 == 0) {
                    TELLER.tell(seatBooked(performance, seat, reservation));
                    awaitConsumed();
                }
            }
            eventually("all see the rows")
                    .untilAsserted(() -> viewers.forEach(viewer ->
                            assertThat(viewer.map()).isEqualTo("HHHB".repeat(TAKEN / 4) + "A".repeat(SEATS - TAKEN))));
            for (Viewer viewer : viewers) {
                assertThat(viewer.events).anyMatch(event -> "seats".equals(event.event()));
                long lasted = viewer.nanos.getLast() - viewer.nanos.getFirst();
                // On the average: what the network holds up arrives together with what follows.
                assertThat(viewer.events.size() - 1)
                        .isLessThanOrEqualTo(
                                (int) (lasted / Duration.ofMillis(200).toNanos()) + 1);
            }
            String newest = viewers.getFirst().lastId();
            try (Viewer again = new Viewer(newest)) {
                awaitViewers(viewers.size() + 1);
                TELLER.tell(seatBooked(performance, 1, reservation));
                eventually("only the change came")
                        .untilAsserted(() -> assertThat(again.events).hasSize(1));
                assertThat(again.events.getFirst().event()).isEqualTo("seats");
                assertThat(again.events.getFirst().data()).contains("\"seats\":{\"0\":\"B\"}");
            }
        } finally {
            viewers.forEach(Viewer::close);
        }
        awaitViewers(0);
    }

    private void awaitViewers(int number) {
        eventually(number + " watch")
                .until(() -> meters.get("onsale.seat.map.viewers").gauge().value() == number);
    }

    @Test
    void a_stream_goes_on_from_the_rows_while_redis_is_away() {
        TELLER.tell(scheduled(performance, 4));
        awaitConsumed();
        try (Viewer viewer = new Viewer(null)) {
            eventually("the map is there").until(() -> viewer.events.size() == 1);
            TestServices.embedded().kill(Service.REDIS);
            try {
                TELLER.tell(seatHeld(performance, 2, reservation));
                eventually("the change came without Redis")
                        .untilAsserted(() -> assertThat(viewer.map()).isEqualTo("AHAA"));
            } finally {
                TestServices.embedded().startAgain(Service.REDIS);
            }
            TELLER.tell(seatBooked(performance, 2, reservation));
            eventually("and with it")
                    .untilAsserted(() -> assertThat(viewer.map()).isEqualTo("ABAA"));
        }
    }

    @Test
    void a_hall_that_does_not_exist_is_a_problem_and_no_stream() {
        http.get()
                .uri("/api/performances/{id}/seat-map/stream", performance)
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("PERFORMANCE_NOT_FOUND");
    }
}
