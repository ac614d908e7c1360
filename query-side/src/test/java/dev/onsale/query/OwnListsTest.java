package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.BOB;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.held;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnListsTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();
    private final BuyerId dora = BuyerId.of("dora-" + UUID.randomUUID());

    @Test
    void a_reservation_is_seen_by_its_buyer_and_by_operators_alone() {
        ReservationId reservation = ReservationId.next();
        TELLER.tell(held(performance, reservation, ALICE, 1));
        awaitConsumed();

        as(ALICE)
                .get()
                .uri("/api/reservations/{id}", reservation)
                .exchange()
                .expectStatus()
                .isOk();
        asOperator()
                .get()
                .uri("/api/reservations/{id}", reservation)
                .exchange()
                .expectStatus()
                .isOk();
        for (ReservationId id : List.of(reservation, ReservationId.next())) {
            as(BOB).get()
                    .uri("/api/reservations/{id}", id)
                    .exchange()
                    .expectStatus()
                    .isNotFound()
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("RESERVATION_NOT_FOUND");
        }
        http.get()
                .uri("/api/reservations/{id}", reservation)
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }

    @Test
    void a_buyers_reservations_come_newest_first_page_by_page() {
        List<ReservationId> mine = List.of(ReservationId.next(), ReservationId.next(), ReservationId.next());
        mine.forEach(reservation -> TELLER.tell(held(performance, reservation, dora, 1)));
        TELLER.tell(held(performance, ReservationId.next(), ALICE, 2));
        awaitConsumed();

        String next = new String(
                        Objects.requireNonNull(as(dora).get()
                                .uri("/api/me/reservations?limit=2")
                                .exchange()
                                .expectStatus()
                                .isOk()
                                .expectBody()
                                .jsonPath("$.items.length()")
                                .isEqualTo(2)
                                .jsonPath("$.items[0].reservationId")
                                .isEqualTo(mine.get(2).toString())
                                .jsonPath("$.items[1].reservationId")
                                .isEqualTo(mine.get(1).toString())
                                .returnResult()
                                .getResponseBody()),
                        java.nio.charset.StandardCharsets.UTF_8)
                .replaceAll(".*\"next\":\"([0-9]+)\".*", "$1");
        as(dora).get()
                .uri("/api/me/reservations?limit=2&after={next}", next)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.items.length()")
                .isEqualTo(1)
                .jsonPath("$.items[0].reservationId")
                .isEqualTo(mine.get(0).toString())
                .jsonPath("$.next")
                .isEmpty();
    }

    @Test
    void a_buyers_coupons_are_the_buyers_alone() {
        CampaignId campaign = CampaignId.next();
        TELLER.tell(launched(campaign, 3));
        TELLER.tell(issued(campaign, CouponId.next(), dora, 1));
        TELLER.tell(issued(campaign, CouponId.next(), BOB, 2));
        awaitConsumed();

        as(dora).get()
                .uri("/api/me/coupons")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.items.length()")
                .isEqualTo(1)
                .jsonPath("$.items[0].rank")
                .isEqualTo(1);
        http.get().uri("/api/me/coupons").exchange().expectStatus().isUnauthorized();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/performances?limit=0",
                "/api/performances?limit=101",
                "/api/performances?limit=1000000",
                "/api/me/reservations?limit=1000000",
                "/api/wallet?limit=1000000",
                "/api/performances?limit=many",
                "/api/performances?after=0",
                "/api/me/reservations?limit=101",
                "/api/me/reservations?after=-1",
                "/api/me/coupons?limit=-1",
                "/api/reservations/not-an-id",
                "/api/performances/not-an-id",
                "/api/performances/not-an-id/seat-map",
                "/api/campaigns/not-an-id",
            })
    void a_page_or_an_id_out_of_its_range_is_an_invalid_request(String uri) {
        as(dora).get()
                .uri(uri)
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("INVALID_REQUEST");
    }

    @Test
    void what_does_not_exist_is_not_found() {
        http.get()
                .uri("/api/performances/{id}", performance)
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("PERFORMANCE_NOT_FOUND");
        http.get()
                .uri("/api/performances/{id}/seating-plan", performance)
                .exchange()
                .expectStatus()
                .isNotFound();
        http.get()
                .uri("/api/campaigns/{id}", CampaignId.next())
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("CAMPAIGN_NOT_FOUND");
    }
}
