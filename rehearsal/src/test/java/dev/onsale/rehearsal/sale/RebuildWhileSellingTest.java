package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.AuditLog.Event;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@SharedOnsale
class RebuildWhileSellingTest {

    private static final List<String> PROJECTIONS = ReadModelName.texts();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Onsale onsale;

    RebuildWhileSellingTest(Onsale onsale) {
        this.onsale = onsale;
    }

    private void order(String projection) throws Exception {
        Answer answer = onsale.post("/api/admin/projections/" + projection + "/rebuild")
                .as(onsale.operator())
                .send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    }

    private void awaitSwitched(String projection) {
        await(projection + " is switched").atMost(LIMIT).untilAsserted(() -> {
            JsonNode rebuild = onsale.get("/api/admin/projections/" + projection)
                    .as(onsale.operator())
                    .send()
                    .require(200)
                    .path("rebuild");
            assertThat(rebuild.path("state").asString()).as(rebuild.toString()).isEqualTo("SWITCHED");
        });
    }

    @Test
    void every_read_model_is_built_again_twice_while_people_buy_and_equals_the_log() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        String campaign = Sales.launched(onsale, Sales.campaign(30));
        List<Person> people = onsale.people(
                IntStream.range(0, 40).mapToObj(i -> "rebuild-" + i).toList());
        Map<String, String> reservations = new TreeMap<>();
        try (ExecutorService buyers = Executors.newFixedThreadPool(8)) {
            List<CompletableFuture<String>> sold = new ArrayList<>();
            for (int index = 0; index < people.size(); index++) {
                int number = index;
                sold.add(CompletableFuture.supplyAsync(
                        () -> buys(people.get(number), performance, campaign, number), buyers));
            }
            for (int round = 0; round < 2; round++) {
                for (String projection : PROJECTIONS) {
                    order(projection);
                }
                PROJECTIONS.forEach(this::awaitSwitched);
            }
            for (CompletableFuture<String> sale : sold) {
                String reservation = sale.get(60, TimeUnit.SECONDS);
                reservations.put(reservation, "CONFIRMED");
            }
        }
        List<Event> log = onsale.log().ofSale(performance);
        Map<String, String> seats = new TreeMap<>();
        log.forEach(event -> {
            switch (event.type()) {
                case "onsale.seat-held" -> seats.put(event.aggregate(), "HELD");
                case "onsale.seat-booked" -> seats.put(event.aggregate(), "BOOKED");
                case "onsale.seat-released", "onsale.seat-freed", "onsale.seat-hold-expired" ->
                    seats.remove(event.aggregate());
                default -> {}
            }
        });
        await("the seat map equals the log").atMost(LIMIT).untilAsserted(() -> {
            Map<String, String> shown = new TreeMap<>();
            onsale.get("/api/performances/" + performance + "/seat-map?labels=true")
                    .send()
                    .require(200)
                    .path("seats")
                    .properties()
                    .forEach(seat -> {
                        if (!seat.getValue().asString().equals("AVAILABLE")) {
                            shown.put(
                                    performance + ":" + seat.getKey(),
                                    seat.getValue().asString());
                        }
                    });
            assertThat(shown).isEqualTo(seats);
        });
        for (Map.Entry<String, String> reservation : reservations.entrySet()) {
            await("reservation " + reservation).atMost(LIMIT).untilAsserted(() -> assertThat(
                            onsale.get("/api/reservations/" + reservation.getKey())
                                    .as(onsale.operator())
                                    .send()
                                    .require(200)
                                    .path("status")
                                    .asString())
                    .isEqualTo(reservation.getValue()));
        }
        await("the campaign's counter").atMost(LIMIT).untilAsserted(() -> assertThat(
                        onsale.get("/api/campaigns/" + campaign)
                                .send()
                                .require(200)
                                .path("issued")
                                .asInt())
                .isEqualTo(30));
        assertThat(onsale.get("/api/admin/projections/seat-map")
                        .as(onsale.operator())
                        .send()
                        .require(200)
                        .path("rebuild")
                        .path("differences")
                        .asInt())
                .isZero();
    }

    private static String buys(Person person, String performance, String campaign, int number) {
        try {
            person.asksForCoupon(campaign, "coupon");
            String reservation = person.hasHeld(performance, "P-" + (number / 10 + 1) + "-" + (number % 10 + 1));
            person.pays(reservation, "pay", Person.GOOD_CARD).require(202);
            return reservation;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_rebuild_writes_no_event_calls_no_gateway_takes_no_step_and_tells_kafka_nothing() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person buyer = onsale.person("rebuild-once");
        String reservation = buyer.hasHeld(performance, "P-1-1");
        String payment = buyer.pays(reservation, "pay", Person.GOOD_CARD)
                .require(202)
                .path("paymentId")
                .asString();
        buyer.awaits(reservation, "CONFIRMED", "CAPTURED");
        List<Event> log = onsale.log().ofSale(performance);
        List<String> booked = onsale.bookedAtGateway(payment);
        long steps = steps(reservation);

        for (String projection : PROJECTIONS) {
            order(projection);
        }
        PROJECTIONS.forEach(this::awaitSwitched);

        assertThat(onsale.log().ofSale(performance)).isEqualTo(log);
        assertThat(onsale.bookedAtGateway(payment)).isEqualTo(booked).hasSize(2);
        assertThat(steps(reservation)).as("steps of the saga").isLessThanOrEqualTo(steps);
        KafkaFacts.requireSame(onsale, log);
        assertThat(onsale.get("/api/reservations/" + reservation)
                        .as(buyer.token())
                        .send()
                        .require(200)
                        .path("payment")
                        .path("status")
                        .asString())
                .isEqualTo("CAPTURED");
    }

    private long steps(String reservation) throws Exception {
        try (Connection database = DriverManager.getConnection(
                        onsale.database().jdbcUrl(),
                        onsale.database().user(),
                        onsale.database().password());
                var query = database.prepareStatement("SELECT COUNT(*) FROM saga_step WHERE task_instance LIKE ?")) {
            query.setString(1, "%" + reservation + "%");
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
