package dev.onsale.command.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Ids;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.coupon.Discount;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The state of a campaign is the same after it was written and read at any point of its log, and its form does not change unseen. */
class CampaignSnapshotShapeTest {

    private static final CampaignId CAMPAIGN = new CampaignId(new UUID(0x7000, 1));
    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00.123456789Z");
    private static final long SEED = 20_261_121;

    /** Whoever changes this figure changes the form: the version in {@link CampaignCodec} counts up with it. */
    private static final long FORM_OF_VERSION_2 = 3_196_285_020L;

    private final CampaignCodec codec = new CampaignCodec();

    @Test
    void the_fold_of_a_log_is_the_same_through_a_snapshot_at_any_of_its_facts() throws IOException {
        List<CouponEvent> log = log(600);
        byte[] truth = written(fold(new Campaign(), log));
        for (int at = 1; at <= log.size(); at += 37) {
            Campaign restored = read(written(fold(new Campaign(), log.subList(0, at))));
            assertThat(written(fold(restored, log.subList(at, log.size()))))
                    .as("snapshot after %d facts", at)
                    .isEqualTo(truth);
        }
    }

    @Test
    void the_tables_say_what_maps_would_say() {
        CouponTable table = new CouponTable();
        Map<CouponId, RedemptionTable.Redemption> uses = new HashMap<>();
        Map<BuyerId, Integer> counts = new HashMap<>();
        List<CouponId> issued = new ArrayList<>();
        for (CouponEvent event : log(2_000)) {
            switch (event) {
                case CouponIssued fact -> {
                    table.add(fact.couponId(), fact.buyerId(), fact.rank(), fact.issuedAt());
                    counts.merge(fact.buyerId(), 1, Integer::sum);
                    issued.add(fact.couponId());
                }
                case CouponRedeemed fact -> {
                    var use = new RedemptionTable.Redemption(fact.reservationId(), fact.paymentId(), fact.redeemedAt());
                    table.redeem(table.find(fact.couponId()), use);
                    uses.put(fact.couponId(), use);
                }
                case CouponRestored fact -> {
                    table.restore(table.find(fact.couponId()), fact.paymentId());
                    uses.remove(fact.couponId());
                }
                default -> {
                    // Nothing that the tables keep.
                }
            }
        }
        assertThat(uses).isNotEmpty();
        assertThat(issued).allSatisfy(coupon -> assertThat(table.redemptionOf(table.find(coupon)))
                .isEqualTo(uses.get(coupon)));
        counts.forEach((buyer, count) -> assertThat(table.couponsOf(buyer)).isEqualTo(count));
        assertThat(table.couponsOf(BuyerId.of("nobody"))).isZero();
        assertThat(table.find(CouponId.next())).isEqualTo(CouponTable.ABSENT);
    }

    @Test
    void a_snapshot_that_ends_too_early_is_none() throws IOException {
        byte[] whole = written(fold(new Campaign(), log(100)));
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 1))).isInstanceOf(EOFException.class);
        byte[] endless = whole.clone();
        endless[0] = Byte.MAX_VALUE;
        assertThatThrownBy(() -> read(endless)).isInstanceOf(IOException.class);
    }

    @Test
    void the_form_of_a_snapshot_changes_with_its_version_alone() throws IOException {
        CRC32C form = new CRC32C();
        form.update(written(fold(new Campaign(), log(50))));
        assertThat(codec.version()).isEqualTo(2);
        assertThat(form.getValue())
                .as("the form has changed: count the version of CampaignCodec up, then this figure")
                .isEqualTo(FORM_OF_VERSION_2);
    }

    /** Issues to a third as many buyers, redeems, gives back and redeems again, in an order that the seed alone decides. */
    private static List<CouponEvent> log(int facts) {
        Random random = new Random(SEED);
        List<CouponEvent> log = new ArrayList<>();
        log.add(new CampaignLaunched(
                CAMPAIGN, "Large", 10_000, 100, NOON, NOON.plusSeconds(60), new Discount(10, null, null), NOON));
        List<CouponIssued> unused = new ArrayList<>();
        List<CouponRedeemed> used = new ArrayList<>();
        int rank = 0;
        for (int number = 1; number < facts - 1; number++) {
            Instant at = NOON.plusMillis(number);
            int choice = random.nextInt(4);
            if (choice == 0 && !unused.isEmpty()) {
                Collections.swap(unused, random.nextInt(unused.size()), unused.size() - 1);
                CouponIssued coupon = unused.removeLast();
                used.add(new CouponRedeemed(
                        CAMPAIGN,
                        coupon.couponId(),
                        coupon.buyerId(),
                        new ReservationId(id("reservation", number)),
                        new PaymentId(id("payment", number)),
                        at));
                log.add(used.getLast());
            } else if (choice == 1 && !used.isEmpty()) {
                Collections.swap(used, random.nextInt(used.size()), used.size() - 1);
                CouponRedeemed use = used.removeLast();
                log.add(new CouponRestored(
                        CAMPAIGN, use.couponId(), use.buyerId(), use.reservationId(), use.paymentId(), at));
                unused.add(new CouponIssued(CAMPAIGN, use.couponId(), use.buyerId(), 1, at));
            } else {
                BuyerId buyer = BuyerId.of("buyer-" + random.nextInt(facts / 3));
                unused.add(new CouponIssued(CAMPAIGN, new CouponId(id("coupon", number)), buyer, ++rank, at));
                log.add(unused.getLast());
            }
        }
        log.add(new CampaignClosed(CAMPAIGN, NOON.plusSeconds(60)));
        return log;
    }

    private static UUID id(String kind, int number) {
        return Ids.derived(kind, Integer.toString(number));
    }

    private static Campaign fold(Campaign state, List<CouponEvent> facts) {
        facts.forEach(state::on);
        return state;
    }

    private byte[] written(Campaign state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        codec.write(state, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private Campaign read(byte[] bytes) throws IOException {
        return codec.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }
}
