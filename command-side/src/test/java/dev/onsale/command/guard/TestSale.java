package dev.onsale.command.guard;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.coupon.IssueCoupon;
import dev.onsale.api.coupon.LaunchCampaign;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.SeatClaim;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Words for sales in tests. */
public final class TestSale {

    private TestSale() {}

    public static SeatLabel label(int number) {
        return SeatLabel.of("A-" + number);
    }

    public static SchedulePerformance schedule(PerformanceId id, int seats, Duration hold, Instant now) {
        List<SeatingPlan.Seat> row = IntStream.rangeClosed(1, seats)
                .mapToObj(seat -> new SeatingPlan.Seat(label(seat), Integer.toString(seat), 0, seat, 0))
                .toList();
        return schedule(id, List.of(new SeatingPlan.Row("A", 0, 0, row)), hold, now);
    }

    /** Rows named 1 to {@code rows} of seats named {@code row-seat}. */
    public static SchedulePerformance schedule(PerformanceId id, int rows, int seatsInRow, Duration hold, Instant now) {
        List<SeatingPlan.Row> plan = IntStream.rangeClosed(1, rows)
                .mapToObj(row -> new SeatingPlan.Row(
                        Integer.toString(row),
                        0,
                        row,
                        IntStream.rangeClosed(1, seatsInRow)
                                .mapToObj(seat -> new SeatingPlan.Seat(
                                        SeatLabel.of(row + "-" + seat), Integer.toString(seat), 0, seat, 0))
                                .toList()))
                .toList();
        return schedule(id, plan, hold, now);
    }

    private static SchedulePerformance schedule(
            PerformanceId id, List<SeatingPlan.Row> rows, Duration hold, Instant now) {
        SeatingPlan plan = new SeatingPlan(
                "Hall",
                List.of(new SeatingPlan.Category("Stalls", "")),
                List.of(new SeatingPlan.Zone("A", 0, 0, rows)),
                10,
                1);
        return new SchedulePerformance(
                id,
                "Tonight",
                now.plus(Duration.ofDays(1)),
                plan,
                List.of(new PriceZone("Stalls", Money.of(4_900, "EUR"))),
                now.minusSeconds(60),
                now.plus(Duration.ofHours(8)),
                4,
                hold,
                false);
    }

    /** The same sale behind a waiting room. */
    public static SchedulePerformance behindWaitingRoom(SchedulePerformance sale) {
        return new SchedulePerformance(
                sale.performanceId(),
                sale.title(),
                sale.startsAt(),
                sale.seatingPlan(),
                sale.priceZones(),
                sale.saleOpensAt(),
                sale.saleClosesAt(),
                sale.maxSeatsPerBuyer(),
                sale.holdDuration(),
                true);
    }

    public static HoldSeats hold(
            ReservationId reservation, PerformanceId performance, BuyerId buyer, int seat, @Nullable Long token) {
        return new HoldSeats(reservation, performance, buyer, List.of(new SeatClaim(label(seat), token)));
    }

    public static LaunchCampaign launch(CampaignId id, int quantity, Instant now) {
        return new LaunchCampaign(
                id,
                "First come",
                quantity,
                1,
                now.minusSeconds(60),
                now.plus(Duration.ofHours(1)),
                new Discount(20, null, null));
    }

    public static IssueCoupon issue(CampaignId campaign, BuyerId buyer) {
        return new IssueCoupon(campaign, CouponId.next(), buyer);
    }
}
