package dev.onsale.command.reservation;

import static dev.onsale.command.CommandSideHost.INSIDE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.http.Ask;
import dev.onsale.command.http.Ask.Answer;
import dev.onsale.testsupport.TestDatabase;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Who may hold, and that paying needs no place, in a sale that has a waiting room. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class AdmissionCheckTest {

    private static final String SEAT = "{\"seats\":[\"A-1\"]}";
    private static final String CARD = "{\"method\":{\"type\":\"card\",\"token\":\"tok_approved\"}}";

    private final ConfigurableApplicationContext host = CommandSideHost.start(TestDatabase.fresh());
    private final HttpClient http = HttpClient.newHttpClient();
    private final Ask ask = new Ask(http, host);

    @AfterAll
    void stop() {
        host.close();
        http.close();
    }

    @Test
    void outside_the_waiting_room_nobody_holds_and_nothing_is_written() throws Exception {
        String path = reservationsOf(sale(true));
        long before = facts();
        Answer refused = ask.post("outsider", "hold", path, SEAT);
        assertThat(refused.said().status()).isEqualTo(403);
        assertThat(refused.said().code()).isEqualTo("NOT_ADMITTED");
        assertThat(facts()).isEqualTo(before);
    }

    @Test
    void inside_it_a_buyer_holds_and_pays() throws Exception {
        Answer held = ask.post(INSIDE + "alice", "hold", reservationsOf(sale(true)), SEAT);
        assertThat(held.said().status()).isEqualTo(201);
        assertThat(pay(INSIDE + "alice", held).said().status()).isEqualTo(202);
    }

    @Test
    void somebody_else_s_reservation_is_not_found_whoever_is_inside() throws Exception {
        Answer held = ask.post(INSIDE + "bob", "hold", reservationsOf(sale(true)), SEAT);
        assertThat(held.said().status()).isEqualTo(201);
        long before = facts();
        assertThat(pay("outsider", held).said().code()).isEqualTo("RESERVATION_NOT_FOUND");
        assertThat(pay(INSIDE + "eve", held).said().code()).isEqualTo("RESERVATION_NOT_FOUND");
        assertThat(facts()).isEqualTo(before);
    }

    @Test
    void paying_for_an_open_reservation_does_not_ask_the_waiting_room() throws Exception {
        for (String body : new String[] {SEAT, "{\"quantity\":1}"}) {
            PerformanceId sale = sale(true);
            Answer held = ask.post(INSIDE + "dora", "hold-" + sale, reservationsOf(sale), body);
            assertThat(held.said().status()).isEqualTo(201);
            CommandSideHost.ROOM_AWAY.set(true);
            try {
                assertThat(pay(INSIDE + "dora", held).said().status()).isEqualTo(202);
            } finally {
                CommandSideHost.ROOM_AWAY.set(false);
            }
        }
    }

    @Test
    void every_hold_is_told_to_the_waiting_room_at_once_and_stays_a_hold_if_the_room_does_not_answer()
            throws Exception {
        for (String body : new String[] {SEAT, "{\"quantity\":2}"}) {
            PerformanceId sale = sale(true);
            Answer held = ask.post(INSIDE + "fay", "hold-" + sale, reservationsOf(sale), body);
            assertThat(held.said().status()).isEqualTo(201);
            assertThat(CommandSideHost.TOLD_HOLDS)
                    .containsEntry(
                            ReservationId.of(held.said().field("reservationId")),
                            Instant.parse(held.said().field("heldUntil")));
        }
    }

    @Test
    void a_refused_hold_is_not_told_to_the_waiting_room() throws Exception {
        PerformanceId sale = sale(true);
        ask.post(INSIDE + "gil", "hold", reservationsOf(sale), SEAT);
        int told = CommandSideHost.TOLD_HOLDS.size();
        assertThat(ask.post(INSIDE + "hal", "hold", reservationsOf(sale), SEAT)
                        .said()
                        .code())
                .isEqualTo("SEAT_TAKEN");
        assertThat(CommandSideHost.TOLD_HOLDS).hasSize(told);
    }

    @Test
    void a_sale_without_waiting_room_asks_nobody() throws Exception {
        Answer held = ask.post("carol", "hold", reservationsOf(sale(false)), SEAT);
        assertThat(held.said().status()).isEqualTo(201);
        assertThat(pay("carol", held).said().status()).isEqualTo(202);
        assertThat(CommandSideHost.TOLD_HOLDS)
                .doesNotContainKey(ReservationId.of(held.said().field("reservationId")));
    }

    private Answer pay(String buyer, Answer held) throws Exception {
        String reservation = held.said().field("reservationId");
        return ask.post(buyer, "pay", "/api/reservations/" + reservation + "/payments", CARD);
    }

    private static String reservationsOf(PerformanceId sale) {
        return "/api/performances/" + sale + "/reservations";
    }

    private PerformanceId sale(boolean waitingRoom) {
        PerformanceId id = PerformanceId.next();
        var open = TestSale.schedule(
                id, 5, Duration.ofMinutes(5), host.getBean(Clock.class).instant());
        host.getBean(CommandGateway.class)
                .sendAndWait(waitingRoom ? TestSale.behindWaitingRoom(open) : open, 30, TimeUnit.SECONDS);
        return id;
    }

    private long facts() {
        Long facts = host.getBean(JdbcTemplate.class).queryForObject("SELECT COUNT(*) FROM domain_event", Long.class);
        return facts == null ? 0 : facts;
    }
}
