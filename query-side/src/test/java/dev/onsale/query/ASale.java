package dev.onsale.query;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatHeld;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Facts for tests, in words. */
final class ASale {

    static final BuyerId ALICE = BuyerId.of("alice");
    static final BuyerId BOB = BuyerId.of("bob");
    static final Money PRICE = Money.of(4900, "EUR");
    static final Instant NOON = Instant.parse("2026-06-01T12:00:00.123456789Z");
    static final PaymentMethod CARD = new PaymentMethod.Card("tok_demo");

    private ASale() {}

    static PerformanceId aPerformance() {
        return new PerformanceId(UUID.randomUUID());
    }

    static PerformanceScheduled scheduled(PerformanceId id, int seats) {
        List<SeatingPlan.Seat> row = IntStream.rangeClosed(1, seats)
                .mapToObj(number -> new SeatingPlan.Seat(seat(number), Integer.toString(number), 0, number, 0))
                .toList();
        SeatingPlan plan = new SeatingPlan(
                "Riethsporthalle",
                List.of(new SeatingPlan.Category("Kategorie I", "#E87722")),
                List.of(new SeatingPlan.Zone("Block D", 0, 0, List.of(new SeatingPlan.Row("14", 0, 0, row)))),
                100,
                100);
        return new PerformanceScheduled(
                id,
                "Abschlusskonzert",
                Instant.parse("2099-06-01T18:00:00Z"),
                plan,
                List.of(new PriceZone("Kategorie I", PRICE)),
                Instant.parse("2020-01-01T00:00:00Z"),
                Instant.parse("2099-01-01T00:00:00Z"),
                4,
                Duration.ofMinutes(5),
                false,
                NOON);
    }

    static SeatLabel seat(int number) {
        return SeatLabel.of("D-14-" + number);
    }

    static SeatId seatId(PerformanceId performance, int number) {
        return new SeatId(performance, seat(number));
    }

    static SeatHeld seatHeld(PerformanceId performance, int number, ReservationId reservation) {
        return new SeatHeld(seatId(performance, number), reservation, ALICE, 1, NOON.plusSeconds(300), NOON);
    }

    static SeatBooked seatBooked(PerformanceId performance, int number, ReservationId reservation) {
        return new SeatBooked(seatId(performance, number), reservation, ALICE, 1, NOON);
    }

    static ReservationHeld held(PerformanceId performance, ReservationId reservation, BuyerId buyer, int... numbers) {
        return new ReservationHeld(
                reservation,
                performance,
                buyer,
                heldSeats(numbers),
                Money.of(PRICE.minorUnits() * numbers.length, "EUR"),
                NOON.plusSeconds(300),
                NOON);
    }

    static List<HeldSeat> heldSeats(int... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> new HeldSeat(seat(number), "Kategorie I", PRICE, 1))
                .toList();
    }

    static PaymentRequested paymentRequested(PerformanceId performance, ReservationId reservation, PaymentId payment) {
        return new PaymentRequested(reservation, performance, ALICE, payment, PRICE, CARD, NOON.plusSeconds(600), NOON);
    }

    static CampaignLaunched launched(CampaignId campaign, int quantity) {
        return new CampaignLaunched(
                campaign,
                "Early birds",
                quantity,
                1,
                Instant.parse("2020-01-01T00:00:00Z"),
                Instant.parse("2099-01-01T00:00:00Z"),
                new Discount(20, null, null),
                NOON);
    }

    static CouponIssued issued(CampaignId campaign, CouponId coupon, BuyerId buyer, int rank) {
        return new CouponIssued(campaign, coupon, buyer, rank, NOON);
    }
}
