package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.NOON;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.held;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seat;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.reservation.ReservationExpired;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Kafka tells at least once: what was seen before changes nothing. */
class RepeatedFactsTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();

    @Test
    void a_sale_told_twice_looks_as_if_told_once() {
        CampaignId campaign = CampaignId.next();
        CouponId coupon = CouponId.next();
        List<ProducerRecord<String, byte[]>> told = new ArrayList<>();
        told.add(TELLER.tell(scheduled(performance, 3)));
        told.add(TELLER.tell(seatHeld(performance, 1, reservation)));
        told.add(TELLER.tell(seatHeld(performance, 2, reservation)));
        told.add(TELLER.tell(held(performance, reservation, ALICE, 1, 2)));
        told.add(TELLER.tell(seatBooked(performance, 1, reservation)));
        told.add(TELLER.tell(launched(campaign, 5)));
        told.add(TELLER.tell(issued(campaign, coupon, ALICE, 1)));
        told.add(TELLER.tell(new CouponRedeemed(campaign, coupon, ALICE, reservation, PaymentId.next(), NOON)));
        awaitConsumed();
        List<Map<String, Object>> before = rows(campaign);

        told.forEach(TELLER::send);
        awaitConsumed();

        assertThat(rows(campaign)).isEqualTo(before);
    }

    @Test
    void an_old_fact_told_again_does_not_undo_a_newer_one() {
        TELLER.tell(scheduled(performance, 2));
        var seatWasHeld = TELLER.tell(seatHeld(performance, 1, reservation));
        var reservationWasHeld = TELLER.tell(held(performance, reservation, ALICE, 1));
        TELLER.tell(seatBooked(performance, 1, reservation));
        TELLER.tell(new ReservationExpired(reservation, performance, ALICE, List.of(seat(1)), NOON));
        double duplicates = duplicates("onsale.seat-held") + duplicates("onsale.reservation-held");

        TELLER.send(seatWasHeld);
        TELLER.send(reservationWasHeld);

        eventually("both are counted as duplicates")
                .untilAsserted(() -> assertThat(duplicates("onsale.seat-held") + duplicates("onsale.reservation-held"))
                        .isEqualTo(duplicates + 2));
        assertThat(map()).isEqualTo("BA");
        as(ALICE)
                .get()
                .uri("/api/reservations/{id}", reservation)
                .exchange()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("EXPIRED");
    }

    @Test
    void a_fact_that_was_overtaken_is_left_out_and_the_gap_is_counted() {
        TELLER.tell(scheduled(performance, 2));
        var overtaken = TELLER.keepBack(seatHeld(performance, 1, reservation));
        double gaps = counter("onsale.consumed.gaps", "group", "read-models", "type", "onsale.seat-booked");
        TELLER.tell(seatBooked(performance, 1, reservation));
        eventually("the later fact is taken")
                .untilAsserted(() -> assertThat(map()).isEqualTo("BA"));

        TELLER.send(overtaken);
        TELLER.tell(seatHeld(performance, 2, reservation));

        eventually("what came after it is taken")
                .untilAsserted(() -> assertThat(map()).isEqualTo("BH"));
        assertThat(counter("onsale.consumed.gaps", "group", "read-models", "type", "onsale.seat-booked"))
                .isEqualTo(gaps + 1);
        http.get()
                .uri("/api/performances/{id}", performance)
                .exchange()
                .expectBody()
                .jsonPath("$.seats.held")
                .isEqualTo(1)
                .jsonPath("$.seats.booked")
                .isEqualTo(1);
    }

    private double duplicates(String type) {
        return counter("onsale.consumed.events", "group", "read-models", "type", type, "outcome", "duplicate");
    }

    private String map() {
        return jdbc.sql("SELECT GROUP_CONCAT(LEFT(COALESCE(s.state, 'A'), 1) ORDER BY n.n SEPARATOR '')"
                        + " FROM (SELECT 1 n UNION ALL SELECT 2) n LEFT JOIN seat_view s"
                        + " ON s.performance_id = ? AND s.seat = CONCAT('D-14-', n.n)")
                .param(performance.toString())
                .query(String.class)
                .single();
    }

    private List<Map<String, Object>> rows(CampaignId campaign) {
        List<Map<String, Object>> rows = new ArrayList<>();
        rows.addAll(jdbc.sql("SELECT * FROM performance_view WHERE performance_id = ?")
                .param(performance.toString())
                .query()
                .listOfRows());
        rows.addAll(jdbc.sql("SELECT * FROM seat_view WHERE performance_id = ? ORDER BY seat")
                .param(performance.toString())
                .query()
                .listOfRows());
        rows.addAll(jdbc.sql("SELECT * FROM reservation_view WHERE reservation_id = ?")
                .param(reservation.toString())
                .query()
                .listOfRows());
        rows.addAll(jdbc.sql("SELECT * FROM campaign_view WHERE campaign_id = ?")
                .param(campaign.toString())
                .query()
                .listOfRows());
        rows.addAll(jdbc.sql("SELECT * FROM coupon_view WHERE campaign_id = ?")
                .param(campaign.toString())
                .query()
                .listOfRows());
        return rows;
    }
}
