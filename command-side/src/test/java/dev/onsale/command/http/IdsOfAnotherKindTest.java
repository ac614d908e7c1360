package dev.onsale.command.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.coupon.IssueCoupon;
import dev.onsale.api.payment.InitiatePayment;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.bus.AggregateCache;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.http.Ask.Answer;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An id that names something else, or nothing, is not found, and finding that out loads nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class IdsOfAnotherKindTest {

    /** More than are applied one by one: such a campaign is read as a whole when it is loaded. */
    private static final int COUPONS = 6_000;
    /** What the followers of the log read in half a second when they have nothing to do, with room to spare. */
    private static final long ROWS_WHEN_QUIET = 300;

    private static final BuyerId ALICE = BuyerId.of("alice");

    private final ConfigurableApplicationContext host =
            CommandSideHost.start(TestDatabase.fresh(), "--onsale.command.snapshots.facts-min=1000");
    private final Ask ask = new Ask(HttpClient.newHttpClient(), host);
    private final CommandGateway commands = host.getBean(CommandGateway.class);
    private final JdbcClient jdbc = JdbcClient.create(host.getBean(DataSource.class));
    private final Clock clock = host.getBean(Clock.class);

    private final PerformanceId performance = PerformanceId.next();
    private final CampaignId campaign = CampaignId.next();
    private final CouponId coupon = CouponId.next();
    private final PaymentId payment = PaymentId.next();
    private final ReservationId reservation = ReservationId.next();

    @BeforeAll
    void oneOfEachKind() throws Exception {
        send(TestSale.schedule(performance, 20, Duration.ofMinutes(5), clock.instant()));
        send(TestSale.launch(campaign, COUPONS, clock.instant()));
        send(new IssueCoupon(campaign, coupon, ALICE));
        List<CompletableFuture<Object>> issued = new ArrayList<>();
        for (int number = 1; number < COUPONS; number++) {
            issued.add(commands.send(TestSale.issue(campaign, BuyerId.of("buyer-" + number))));
        }
        CompletableFuture.allOf(issued.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        assertThat(send(TestSale.hold(reservation, performance, ALICE, 1, null)))
                .isInstanceOf(ReservationHeld.class);
        send(new InitiatePayment(
                payment,
                reservation,
                performance,
                ALICE,
                Money.of(4_900, "EUR"),
                new PaymentMethod.Card("tok_approved")));
    }

    @AfterAll
    void stop() {
        host.close();
    }

    /** Path, body and the code of its answer, by the kind of id that belongs there. */
    private record Endpoint(String path, @Nullable String body, String kind, String code) {}

    private List<Endpoint> endpoints() {
        String pay = "{\"method\":{\"type\":\"card\",\"token\":\"tok_approved\"}}";
        return List.of(
                new Endpoint(
                        "/api/performances/%s/reservations",
                        "{\"seats\":[\"A-2\"]}", "performance", "PERFORMANCE_NOT_FOUND"),
                new Endpoint(
                        "/api/performances/%s/reservations",
                        "{\"quantity\":1}", "performance", "PERFORMANCE_NOT_FOUND"),
                new Endpoint("/api/performances/%s/sale/open", null, "performance", "PERFORMANCE_NOT_FOUND"),
                new Endpoint("/api/performances/%s/sale/close", null, "performance", "PERFORMANCE_NOT_FOUND"),
                new Endpoint("/api/reservations/%s/payments", pay, "reservation", "RESERVATION_NOT_FOUND"),
                new Endpoint("DELETE /api/reservations/%s", null, "reservation", "RESERVATION_NOT_FOUND"),
                new Endpoint("/api/campaigns/%s/coupons", null, "campaign", "CAMPAIGN_NOT_FOUND"),
                new Endpoint("/api/campaigns/%s/close", null, "campaign", "CAMPAIGN_NOT_FOUND"),
                new Endpoint("/api/admin/guards/%s/reconciliation", null, "sale", "SALE_NOT_FOUND"));
    }

    private Map<String, UUID> ids() {
        Map<String, UUID> ids = new LinkedHashMap<>();
        ids.put("performance", performance.value());
        ids.put("campaign", campaign.value());
        ids.put("reservation", reservation.value());
        ids.put("payment", payment.value());
        ids.put("coupon", coupon.value());
        ids.put("nothing", UUID.randomUUID());
        return ids;
    }

    @Test
    void every_endpoint_answers_an_id_of_every_other_kind_with_not_found_and_loads_nothing() throws Exception {
        host.getBean(AggregateCache.class).removeAll();
        awaitQuiet();
        await("a snapshot of the campaign")
                .atMost(Duration.ofSeconds(60))
                .until(() -> jdbc.sql("SELECT COUNT(*) FROM snapshot_event")
                                .query(Long.class)
                                .single()
                        >= 1);
        long snapshotsBefore = snapshotsRead();
        long before = rowsRead();
        for (Endpoint endpoint : endpoints()) {
            for (Map.Entry<String, UUID> id : ids().entrySet()) {
                boolean isSale =
                        id.getKey().equals("performance") || id.getKey().equals("campaign");
                if (!id.getKey().equals(endpoint.kind()) && !(endpoint.kind().equals("sale") && isSale)) {
                    Answer answer = call(endpoint, id.getValue().toString());
                    assertThat(answer.said().status())
                            .as("%s with the id of a %s: %s", endpoint.path(), id.getKey(), answer.said())
                            .isEqualTo(404);
                    assertThat(answer.said().code()).isEqualTo(endpoint.code());
                }
            }
        }
        assertThat(rowsRead() - before)
                .as("less than loading the campaign once")
                .isLessThan(COUPONS);
        assertThat(snapshotsRead()).as("states of campaigns read").isEqualTo(snapshotsBefore);
    }

    @Test
    void a_payment_with_a_coupon_of_something_that_is_no_campaign_is_refused() throws Exception {
        for (Map.Entry<String, UUID> id : ids().entrySet()) {
            if (!id.getKey().equals("campaign")) {
                Answer answer = ask.post(
                        ALICE.value(),
                        UUID.randomUUID().toString(),
                        "/api/reservations/" + reservation + "/payments",
                        "{\"method\":{\"type\":\"points\"},\"coupon\":{\"campaignId\":\"" + id.getValue()
                                + "\",\"couponId\":\"" + coupon + "\"}}");
                assertThat(answer.said().code())
                        .as("a %s as campaign: %s", id.getKey(), answer.said())
                        .isEqualTo("CAMPAIGN_NOT_FOUND");
            }
        }
    }

    private Answer call(Endpoint endpoint, String id) throws Exception {
        String path = endpoint.path().formatted(id);
        String caller = path.startsWith("/api/admin") || path.contains("/sale/") || path.endsWith("/close")
                ? "operator"
                : ALICE.value();
        return path.startsWith("DELETE ")
                ? ask.delete(caller, path.substring("DELETE ".length()))
                : ask.post(caller, UUID.randomUUID().toString(), path, endpoint.body());
    }

    private Object send(Object command) {
        return commands.sendAndWait(command, 20, TimeUnit.SECONDS);
    }

    /** Until the followers of the log have seen what this test wrote. */
    private void awaitQuiet() {
        AtomicLong last = new AtomicLong(rowsRead());
        await("followers that are done")
                .pollInterval(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    long now = rowsRead();
                    return now - last.getAndSet(now) < ROWS_WHEN_QUIET;
                });
    }

    private long snapshotsRead() {
        return host.getBean(MeterRegistry.class)
                .get("onsale.snapshot.read")
                .timer()
                .count();
    }

    /** Rows that were found by an index, of all tables. */
    private long rowsRead() {
        return jdbc
                .sql("SHOW GLOBAL STATUS WHERE Variable_name IN"
                        + " ('Handler_read_key', 'Handler_read_next', 'Handler_read_prev')")
                .query((row, number) -> row.getLong(2))
                .list()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
