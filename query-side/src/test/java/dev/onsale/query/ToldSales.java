package dev.onsale.query;

import static dev.onsale.query.ASale.NOON;
import static dev.onsale.query.ASale.PRICE;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.heldSeats;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seat;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;
import static dev.onsale.query.ASale.seatId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.seat.SeatReleased;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Several sales at once, told step by step in an order that a seed decides, and what must have become of them: the fold of
 * what was told, made without any code of the read models.
 */
final class ToldSales {

    private static final BuyerId BUYER = BuyerId.of("buyer-of-told-sales");

    private final Teller teller;
    private final Random random;
    private final List<Hall> halls = new ArrayList<>();
    private final List<ProducerRecord<String, byte[]>> told = new ArrayList<>();
    private Consumer<ProducerRecord<String, byte[]>> afterEach = record -> {};

    /** One performance with its campaign. */
    private static final class Hall {
        private final PerformanceId performance = aPerformance();
        private final CampaignId campaign = CampaignId.next();
        private final Map<Integer, String> seats = new TreeMap<>();
        private final Map<Integer, ReservationId> holders = new TreeMap<>();
        private final Map<String, String> reservations = new TreeMap<>();
        private final int size;
        private int coupons;
        private int heldInAll;
        private int bookedInAll;

        Hall(int size) {
            this.size = size;
        }
    }

    ToldSales(Teller teller, long seed, int sales, int seats) {
        this.teller = teller;
        this.random = new Random(seed);
        for (int index = 0; index < sales; index++) {
            Hall hall = new Hall(seats);
            halls.add(hall);
            tell(scheduled(hall.performance, seats));
            tell(launched(hall.campaign, 1_000_000));
        }
    }

    /** What is done with every record after it was told. */
    void afterEach(Consumer<ProducerRecord<String, byte[]>> then) {
        afterEach = then;
    }

    List<ProducerRecord<String, byte[]>> told() {
        return told;
    }

    String someSale() {
        return halls.get(random.nextInt(halls.size())).performance.toString();
    }

    private void tell(OnsaleEvent event) {
        ProducerRecord<String, byte[]> record = teller.tell(event);
        told.add(record);
        afterEach.accept(record);
    }

    void go(int steps) {
        for (int step = 0; step < steps; step++) {
            Hall hall = halls.get(random.nextInt(halls.size()));
            int number = 1 + random.nextInt(hall.size);
            switch (hall.seats.getOrDefault(number, "AVAILABLE")) {
                case "AVAILABLE" -> hold(hall, number);
                case "HELD" -> {
                    if (random.nextInt(3) == 0) {
                        release(hall, number);
                    } else {
                        book(hall, number);
                    }
                }
                default -> {
                    hall.coupons++;
                    tell(issued(hall.campaign, CouponId.next(), BuyerId.of("buyer-" + hall.coupons), hall.coupons));
                }
            }
        }
    }

    private void hold(Hall hall, int number) {
        ReservationId reservation = ReservationId.next();
        hall.seats.put(number, "HELD");
        hall.holders.put(number, reservation);
        hall.reservations.put(reservation.toString(), "HELD");
        hall.heldInAll++;
        tell(seatHeld(hall.performance, number, reservation));
        tell(new ReservationHeld(
                reservation, hall.performance, BUYER, heldSeats(number), PRICE, NOON.plusSeconds(300), NOON));
    }

    private void book(Hall hall, int number) {
        ReservationId reservation = holder(hall, number);
        hall.seats.put(number, "BOOKED");
        hall.reservations.put(reservation.toString(), "CONFIRMED");
        hall.bookedInAll++;
        tell(seatBooked(hall.performance, number, reservation));
        tell(new ReservationConfirmed(
                reservation, hall.performance, BUYER, PaymentId.next(), heldSeats(number), PRICE, NOON));
    }

    private void release(Hall hall, int number) {
        ReservationId reservation = holder(hall, number);
        hall.seats.put(number, "AVAILABLE");
        hall.reservations.put(reservation.toString(), "CANCELLED");
        tell(new SeatReleased(seatId(hall.performance, number), reservation, NOON));
        tell(new ReservationCancelled(reservation, hall.performance, BUYER, List.of(seat(number)), null, NOON));
    }

    private static ReservationId holder(Hall hall, int number) {
        ReservationId holder = hall.holders.get(number);
        if (holder == null) {
            throw new IllegalStateException("Nobody holds seat " + number);
        }
        return holder;
    }

    /** Rows of seats, reservations and coupons, counters and statistics: none is missing, none too many, each is right. */
    void requireRowsEqualTheFold(JdbcClient jdbc) {
        for (Hall hall : halls) {
            String id = hall.performance.toString();
            Map<String, String> seats = new TreeMap<>();
            hall.seats.forEach((number, state) -> seats.put(seat(number).toString(), state));
            assertThat(pairs(jdbc, "SELECT seat, state FROM seat_view WHERE performance_id = ?", id))
                    .isEqualTo(seats);
            assertThat(pairs(jdbc, "SELECT reservation_id, status FROM reservation_view WHERE performance_id = ?", id))
                    .isEqualTo(hall.reservations);
            assertThat(pairs(
                            jdbc,
                            "SELECT CONCAT(held, '/', booked), facts FROM seat_map_view WHERE performance_id = ?",
                            id))
                    .containsOnlyKeys(times(hall, "HELD") + "/" + times(hall, "BOOKED"));
            assertThat(pairs(
                            jdbc,
                            "SELECT SUM(seats_held), SUM(seats_booked) FROM sales_minute WHERE performance_id = ?",
                            id))
                    .isEqualTo(Map.of(Integer.toString(hall.heldInAll), Integer.toString(hall.bookedInAll)));
            String campaign = hall.campaign.toString();
            assertThat(pairs(jdbc, "SELECT issued, campaign_id FROM campaign_view WHERE campaign_id = ?", campaign))
                    .isEqualTo(Map.of(Integer.toString(hall.coupons), campaign));
            assertThat(pairs(
                            jdbc,
                            "SELECT COUNT(*), COUNT(DISTINCT issue_rank) FROM coupon_view WHERE campaign_id = ?",
                            campaign))
                    .isEqualTo(Map.of(Integer.toString(hall.coupons), Integer.toString(hall.coupons)));
        }
    }

    private static long times(Hall hall, String state) {
        return hall.seats.values().stream().filter(state::equals).count();
    }

    private static Map<String, String> pairs(JdbcClient jdbc, String sql, String parameter) {
        Map<String, String> pairs = new TreeMap<>();
        jdbc.sql(sql).param(parameter).query(row -> {
            pairs.put(String.valueOf(row.getString(1)), String.valueOf(row.getString(2)));
        });
        return pairs;
    }
}
