package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.BOB;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.held;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.personal.ContactDetails;
import dev.onsale.api.personal.ErasedBy;
import dev.onsale.api.personal.SealedText;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.eventlog.personal.PersonalData;
import dev.onsale.eventlog.personal.PersonalKeys;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

class OwnListsTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();
    private final PersonalData personal;
    private final PersonalKeys keys;

    @Autowired
    OwnListsTest(PersonalData personal, PersonalKeys keys) {
        this.personal = personal;
        this.keys = keys;
    }

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
    void contact_details_are_kept_sealed_shown_to_their_buyer_alone_and_marked_once_erased() {
        ReservationId reservation = ReservationId.next();
        SealedText contact = personal.sealContact(dora, reservation, new ContactDetails("Dora", "dora@example.org"));
        TELLER.tell(held(performance, reservation, dora, 1));
        TELLER.tell(new PaymentRequested(
                reservation,
                performance,
                dora,
                PaymentId.next(),
                ASale.PRICE,
                PaymentMethod.Card.withheld(),
                ASale.NOON,
                ASale.NOON,
                null,
                contact));
        awaitConsumed();

        as(dora).get()
                .uri("/api/reservations/{id}", reservation)
                .exchange()
                .expectBody()
                .jsonPath("$.contact.email")
                .isEqualTo("dora@example.org")
                .jsonPath("$.contact.erased")
                .isEqualTo(false);
        asOperator()
                .get()
                .uri("/api/reservations/{id}", reservation)
                .exchange()
                .expectBody()
                .jsonPath("$.contact")
                .isEmpty();
        assertThat(count(
                        "SELECT COUNT(*) FROM reservation_view WHERE reservation_id = ? AND sealed_contact = ?",
                        reservation.toString(),
                        contact.value()))
                .isEqualTo(1);

        keys.erase(dora, ErasedBy.BUYER, null);
        for (String path : List.of("/api/reservations/" + reservation, "/api/me/reservations")) {
            as(dora).get().uri(path).exchange().expectBody(String.class).value(body -> assertThat(body)
                    .contains("\"contact\":{\"name\":null,\"email\":null,\"erased\":true}"));
        }
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
