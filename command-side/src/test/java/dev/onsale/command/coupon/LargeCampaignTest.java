package dev.onsale.command.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Ids;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.coupon.IssueCoupon;
import dev.onsale.api.coupon.LaunchCampaign;
import dev.onsale.api.coupon.RedeemCoupon;
import dev.onsale.api.coupon.RestoreCoupon;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.bus.AggregateCache;
import dev.onsale.command.store.ReadingEventStorageEngine;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.DomainEventMessage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whatever becomes of its snapshot, a campaign is what its log says. */
@Tag("services")
class LargeCampaignTest {

    private static final int COUPONS = 10_000;
    private static final int WAVE = 2_500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CampaignId campaign = CampaignId.next();

    @Test
    void a_campaign_is_the_same_from_its_snapshot_and_from_its_log_whatever_becomes_of_the_snapshot() throws Exception {
        try (ConfigurableApplicationContext node =
                CommandSideHost.start(TestDatabase.fresh(), "--onsale.command.snapshots.facts-min=5000")) {
            CommandGateway commands = node.getBean(CommandGateway.class);
            Instant now = node.getBean(Clock.class).instant();
            send(
                    commands,
                    new LaunchCampaign(
                            campaign,
                            "Large",
                            COUPONS + 10,
                            2,
                            now.minusSeconds(60),
                            now.plusSeconds(3_600),
                            new Discount(10, null, null)));
            issueAll(commands);
            ReservationId seats = ReservationId.next();
            for (int number = 0; number < 100; number++) {
                send(commands, redeem(number, number, seats));
            }
            for (int number = 0; number < 50; number++) {
                send(commands, new RestoreCoupon(campaign, coupon(number), payment(number)));
            }
            JdbcClient jdbc = JdbcClient.create(node.getBean(DataSource.class));
            await("a snapshot behind the writers").atMost(PATIENCE).until(() -> snapshots(jdbc) == 1);

            CampaignSnapshots snapshots = node.getBean(CampaignSnapshots.class);
            ReadingEventStorageEngine store = node.getBean(ReadingEventStorageEngine.class);
            byte[] truth = replayed(store);
            assertThat(loaded(store)).as("snapshot behind the log").isEqualTo(truth);
            await("the newest snapshot").atMost(PATIENCE).until(() -> {
                snapshots.write(campaign.toString());
                return sequence(jdbc) == COUPONS + 150;
            });
            assertThat(snapshots(jdbc)).as("older snapshots are removed").isEqualTo(1);
            assertThat(loaded(store)).as("snapshot of the newest fact").isEqualTo(truth);
            decidesAsBefore(node, seats);

            double ignored = ignored(node);
            jdbc.sql("UPDATE snapshot_part SET payload = INSERT(payload, 1000, 1, 'x') WHERE part = 0")
                    .update();
            assertThat(loaded(store)).as("damaged").isEqualTo(truth);
            assertThat(ignored(node)).isGreaterThan(ignored);
            decidesAsBefore(node, seats);

            snapshotAgain(jdbc, snapshots);
            jdbc.sql("UPDATE snapshot_event SET payload_revision = '0'").update();
            assertThat(loaded(store)).as("of another version").isEqualTo(truth);

            snapshotAgain(jdbc, snapshots);
            jdbc.sql("UPDATE snapshot_event SET event_identifier = 'a fact the log does not have'")
                    .update();
            assertThat(loaded(store)).as("of another log").isEqualTo(truth);
            decidesAsBefore(node, seats);
        }
    }

    private static double ignored(ConfigurableApplicationContext node) {
        return node.getBean(MeterRegistry.class)
                .get("onsale.snapshot.ignored")
                .counter()
                .count();
    }

    private void issueAll(CommandGateway commands) throws Exception {
        for (int from = 0; from < COUPONS; from += WAVE) {
            List<CompletableFuture<Object>> answers = new ArrayList<>();
            for (int number = from; number < from + WAVE; number++) {
                // Each buyer gets two coupons, the limit.
                answers.add(commands.send(new IssueCoupon(campaign, coupon(number), buyer(number))));
            }
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** From an empty cache: the limit per person, a repeat, a redeemed and a restored coupon. */
    private void decidesAsBefore(ConfigurableApplicationContext node, ReservationId seats) {
        CommandGateway commands = node.getBean(CommandGateway.class);
        node.getBean(AggregateCache.class).removeAll();
        assertThat(refusal(commands, new IssueCoupon(campaign, CouponId.next(), buyer(7))))
                .isEqualTo("ALREADY_ISSUED");
        assertThat(send(commands, new IssueCoupon(campaign, coupon(COUPONS - 1), buyer(COUPONS - 1)))
                        .toString())
                .contains(coupon(COUPONS - 1).toString());
        assertThat(refusal(commands, redeem(99, COUPONS, seats))).isEqualTo("COUPON_REDEEMED");
        assertThat(send(commands, redeem(99, 99, seats)).toString())
                .contains(payment(99).toString());
        assertThat(refusal(commands, redeem(49, 49, seats)))
                .as("a late repeat of a payment that gave its coupon back")
                .isEqualTo("PAYMENT_STATE_CONFLICT");
        assertThat(refusal(commands, new RedeemCoupon(campaign, coupon(98), buyer(1), seats, payment(98))))
                .isEqualTo("COUPON_NOT_FOUND");
    }

    private void snapshotAgain(JdbcClient jdbc, CampaignSnapshots snapshots) {
        jdbc.sql("DELETE FROM snapshot_event").update();
        snapshots.write(campaign.toString());
    }

    /** As the campaign is loaded: from its snapshot, or folded at once. */
    private byte[] loaded(ReadingEventStorageEngine store) throws IOException {
        DomainEventMessage<?> snapshot = store.readSnapshot(campaign.toString()).orElse(null);
        if (snapshot == null) {
            return replayed(store);
        }
        return fold(store, (Campaign) snapshot.getPayload(), snapshot.getSequenceNumber() + 1);
    }

    /** Fact by fact, without any snapshot. */
    private byte[] replayed(ReadingEventStorageEngine store) throws IOException {
        return fold(store, new Campaign(), 0);
    }

    private byte[] fold(ReadingEventStorageEngine store, Campaign state, long from) throws IOException {
        store.readEvents(campaign.toString(), from).forEachRemaining(fact -> state.on((CouponEvent) fact.getPayload()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        state.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private long snapshots(JdbcClient jdbc) {
        return jdbc.sql("SELECT COUNT(*) FROM snapshot_event").query(Long.class).single();
    }

    private long sequence(JdbcClient jdbc) {
        return jdbc.sql("SELECT MAX(sequence_number) FROM snapshot_event")
                .query(Long.class)
                .single();
    }

    private CouponId coupon(int number) {
        return new CouponId(Ids.derived("coupon", campaign.toString(), Integer.toString(number)));
    }

    private RedeemCoupon redeem(int coupon, int payment, ReservationId seats) {
        return new RedeemCoupon(campaign, coupon(coupon), buyer(coupon), seats, payment(payment));
    }

    private PaymentId payment(int number) {
        return new PaymentId(Ids.derived("payment", campaign.toString(), Integer.toString(number)));
    }

    private static BuyerId buyer(int number) {
        return BuyerId.of("buyer-" + (number / 2));
    }

    private static Object send(CommandGateway commands, Object command) {
        Object answer = commands.sendAndWait(command, PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return answer == null ? "" : answer;
    }

    private static String refusal(CommandGateway commands, Object command) {
        try {
            return "done: " + send(commands, command);
        } catch (dev.onsale.api.RefusedException refused) {
            return refused.code().name();
        }
    }
}
