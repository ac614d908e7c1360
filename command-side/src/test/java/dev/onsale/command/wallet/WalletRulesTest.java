package dev.onsale.command.wallet;

import static org.axonframework.test.matchers.Matchers.matches;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.wallet.ChargePoints;
import dev.onsale.api.wallet.DebitPoints;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.api.wallet.PointsDebited;
import dev.onsale.api.wallet.PointsRefunded;
import dev.onsale.api.wallet.RefundPoints;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.junit.jupiter.api.Test;

class WalletRulesTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final BuyerId ALICE = BuyerId.of("alice");
    private static final PaymentId PAYMENT = new PaymentId(new UUID(0x7000, 1));
    private static final PaymentId OTHER = new PaymentId(new UUID(0x7000, 2));
    private static final ReservationId SEATS = new ReservationId(new UUID(0x7000, 3));
    private static final ChargeId CHARGE = new ChargeId(new UUID(0x7000, 4));
    private static final PointsCharged CHARGED = new PointsCharged(ALICE, CHARGE, eur(100), eur(100), NOON);
    private static final PointsDebited DEBITED = new PointsDebited(ALICE, PAYMENT, SEATS, eur(60), eur(40), NOON);
    private static final PointsRefunded REFUNDED = new PointsRefunded(ALICE, PAYMENT, SEATS, eur(60), eur(100), NOON);

    private AggregateTestFixture<Wallet> fixture = fixture();

    private static AggregateTestFixture<Wallet> fixture() {
        AggregateTestFixture<Wallet> fixture = new AggregateTestFixture<>(Wallet.class);
        fixture.registerAnnotatedCommandHandler(
                new WalletCommandHandler(fixture.getRepository(), Clock.fixed(NOON, ZoneOffset.UTC)));
        return fixture;
    }

    private static Money eur(long minorUnits) {
        return Money.of(minorUnits, "EUR");
    }

    private ResultValidator<Wallet> after(Object command, Object... facts) {
        fixture = fixture();
        return fixture.given(facts).when(command);
    }

    private static void refused(ResultValidator<Wallet> result, RefusalCode code) {
        result.expectNoEvents()
                .expectException(
                        matches(failure -> failure instanceof RefusedException refused && refused.code() == code));
    }

    private static DebitPoints debit(PaymentId payment, long minorUnits) {
        return new DebitPoints(ALICE, payment, SEATS, eur(minorUnits));
    }

    @Test
    void a_charge_counts_once_and_its_key_means_one_amount() {
        after(new ChargePoints(ALICE, CHARGE, eur(100))).expectEvents(CHARGED);
        after(new ChargePoints(ALICE, CHARGE, eur(100)), CHARGED)
                .expectNoEvents()
                .expectResultMessagePayload(CHARGED);
        refused(after(new ChargePoints(ALICE, CHARGE, eur(99)), CHARGED), RefusalCode.IDEMPOTENCY_KEY_REUSED);
        refused(
                after(new ChargePoints(ALICE, new ChargeId(UUID.randomUUID()), eur(0)), CHARGED),
                RefusalCode.INVALID_REQUEST);
    }

    @Test
    void a_debit_takes_what_is_there_and_never_more() {
        after(debit(PAYMENT, 60), CHARGED).expectEvents(DEBITED);
        after(debit(PAYMENT, 60), CHARGED, DEBITED).expectNoEvents();
        after(debit(OTHER, 40), CHARGED, DEBITED)
                .expectEvents(new PointsDebited(ALICE, OTHER, SEATS, eur(40), eur(0), NOON));
        refused(after(debit(OTHER, 41), CHARGED, DEBITED), RefusalCode.INSUFFICIENT_POINTS);
        refused(
                after(new DebitPoints(ALICE, OTHER, SEATS, Money.of(1, "USD")), CHARGED),
                RefusalCode.INSUFFICIENT_POINTS);
    }

    @Test
    void a_refund_gives_back_what_a_payment_took_once_and_the_payment_takes_nothing_any_more() {
        after(new RefundPoints(ALICE, PAYMENT), CHARGED, DEBITED).expectEvents(REFUNDED);
        after(new RefundPoints(ALICE, PAYMENT), CHARGED, DEBITED, REFUNDED).expectNoEvents();
        after(new RefundPoints(ALICE, OTHER), CHARGED, DEBITED).expectNoEvents();
        refused(after(debit(PAYMENT, 60), CHARGED, DEBITED, REFUNDED), RefusalCode.PAYMENT_STATE_CONFLICT);
    }

    @Test
    void a_wallet_keeps_room_for_what_may_come_back() {
        Money most = eur(Money.MINOR_UNITS_MAX);
        PointsCharged full = new PointsCharged(ALICE, CHARGE, most, most, NOON);
        PointsDebited spent = new PointsDebited(ALICE, PAYMENT, SEATS, most, eur(0), NOON);
        refused(
                after(new ChargePoints(ALICE, new ChargeId(UUID.randomUUID()), eur(1)), full, spent),
                RefusalCode.WALLET_FULL);
    }
}
