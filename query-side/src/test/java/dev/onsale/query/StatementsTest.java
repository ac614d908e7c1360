package dev.onsale.query;

import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.heldSeats;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.paymentRequested;
import static dev.onsale.query.ASale.scheduled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.reservation.ReservationConfirmed;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A page costs the same number of statements whatever is on it. The server's own log counts them. */
class StatementsTest extends QuerySideTest {

    private final BuyerId buyer = BuyerId.of("reader-" + UUID.randomUUID());

    private void more(int rows) {
        for (int row = 0; row < rows; row++) {
            PerformanceId performance = aPerformance();
            CampaignId campaign = CampaignId.next();
            ReservationId reservation = ReservationId.next();
            PaymentId payment = PaymentId.next();
            TELLER.tell(scheduled(performance, 2));
            TELLER.tell(ASale.held(performance, reservation, buyer, 1));
            TELLER.tell(paymentRequested(performance, reservation, payment));
            TELLER.tell(new ReservationConfirmed(
                    reservation, performance, buyer, payment, heldSeats(1), ASale.PRICE, Instant.now()));
            TELLER.tell(launched(campaign, 5));
            TELLER.tell(issued(campaign, CouponId.next(), buyer, 1));
        }
        awaitConsumed();
        eventually("all is counted").until(() -> TELLER.lag(STATISTICS), lag -> lag == 0);
    }

    private long statementsFor(String uri, String... tables) {
        jdbc.sql("TRUNCATE TABLE mysql.general_log").update();
        jdbc.sql("SET GLOBAL general_log = ON").update();
        try {
            as(buyer)
                    .get()
                    .uri(uri)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .returnResult();
        } finally {
            jdbc.sql("SET GLOBAL general_log = OFF").update();
        }
        String touching = "argument LIKE '%" + String.join("%' OR argument LIKE '%", tables) + "%'";
        return count("SELECT COUNT(*) FROM mysql.general_log WHERE command_type IN ('Query', 'Execute')"
                + " AND argument LIKE 'select%' AND (" + touching + ")");
    }

    @Test
    void a_page_of_many_rows_costs_as_many_statements_as_one_of_few() {
        String output =
                jdbc.sql("SELECT @@GLOBAL.log_output").query(String.class).single();
        jdbc.sql("SET GLOBAL log_output = 'TABLE'").update();
        try {
            for (int rows : new int[] {2, 20}) {
                more(rows);
                assertThat(statementsFor("/api/me/reservations?limit=100", "reservation_view", "payment_view"))
                        .isEqualTo(1);
                assertThat(statementsFor("/api/me/coupons?limit=100", "coupon_view", "campaign_view"))
                        .isEqualTo(1);
                assertThat(statementsFor("/api/performances?limit=100", "performance_view", "seat_map_view"))
                        .isEqualTo(1);
                assertThat(statementsFor("/api/wallet?limit=100", "wallet_view", "wallet_entry"))
                        .isEqualTo(2);
                assertThat(statementsFor("/api/performances/fastest-selling?limit=100", "performance_view"))
                        .isLessThanOrEqualTo(1);
            }
        } finally {
            jdbc.sql("SET GLOBAL log_output = '" + output + "'").update();
        }
    }
}
