package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.proof.verify.ExportCheckAccess;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Personal data is readable by its owner, never stored in plain text, and unreadable after an erasure. The sale
 * continues.
 */
@SharedOnsale
class PersonalDataTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Onsale onsale;
    private final String mark = UUID.randomUUID().toString().substring(24);
    private final String name = "Zoë Secret " + mark;
    private final String email = "zoe." + mark + "@example.org";
    private final String token = "tok_of_" + mark;

    PersonalDataTest(Onsale onsale) {
        this.onsale = onsale;
    }

    private void pays(Person person, String reservation, String key) throws Exception {
        onsale.post("/api/reservations/" + reservation + "/payments")
                .as(person.token())
                .key(key)
                .json(Map.of(
                        "method",
                        Map.of("type", "card", "token", token),
                        "contact",
                        Map.of("name", name, "email", email)))
                .send()
                .require(202);
        person.awaits(reservation, "CONFIRMED", "CAPTURED");
    }

    private JsonNode contact(Person person, String reservation) throws Exception {
        return person.sees("/api/reservations/" + reservation).require(200).path("contact");
    }

    private byte[] exported(String sale) throws Exception {
        long written = onsale.log().head();
        await("everything is sealed")
                .atMost(LIMIT)
                .until(() -> onsale.get("/api/seals/head")
                                .send()
                                .require(200)
                                .path("seal")
                                .path("lastPosition")
                                .asLong()
                        >= written);
        return onsale.get("/api/audit/sales/" + sale + "/export")
                .as(onsale.operator())
                .download();
    }

    private static String text(byte[] export) throws Exception {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(export))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private JsonNode erasesOwn(Person person) throws Exception {
        return onsale.delete("/api/me/personal-data").as(person.token()).send().require(200);
    }

    @Test
    void personal_data_is_its_owners_alone_and_an_erasure_leaves_a_log_that_still_verifies() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person zoe = onsale.person("personal-" + mark);
        Person stranger = onsale.person("stranger-" + mark);
        String reservation = zoe.hasHeld(performance, "P-1-1", "P-1-2");
        pays(zoe, reservation, "pay-" + mark);

        JsonNode shown = contact(zoe, reservation);
        assertThat(shown.path("name").asString()).isEqualTo(name);
        assertThat(shown.path("email").asString()).isEqualTo(email);
        assertThat(zoe.sees("/api/me/reservations").body()).contains(email);
        assertThat(stranger.sees("/api/reservations/" + reservation).status()).isEqualTo(404);
        assertThat(onsale.get("/api/reservations/" + reservation)
                        .as(onsale.operator())
                        .send()
                        .require(200)
                        .path("contact")
                        .isNull())
                .as("an operator sees the reservation but not the contact")
                .isTrue();
        List<String> words = List.of(name, email, token);
        assertThat(Traces.of(onsale, words)).isEmpty();
        assertThat(Traces.of(onsale, List.of(zoe.name())))
                .as("the search finds data that exists")
                .anyMatch(where -> where.contains("table domain_event"))
                .anyMatch(where -> where.contains("topic reservation-events"))
                .anyMatch(where -> where.contains("Redis"));

        JsonNode erased = erasesOwn(zoe);
        assertThat(contact(zoe, reservation).path("erased").asBoolean()).isTrue();
        assertThat(contact(zoe, reservation).path("email").isNull()).isTrue();
        assertThat(zoe.sees("/api/me/reservations").body()).doesNotContain(email);
        assertThat(erasesOwn(zoe)).as("a repeat").isEqualTo(erased);
        assertThat(onsale.post("/api/admin/buyers/" + zoe.name() + "/erasure")
                        .as(onsale.operator())
                        .send()
                        .require(200))
                .as("a repeat by an operator")
                .isEqualTo(erased);

        String again = zoe.hasHeld(performance, "P-2-1");
        pays(zoe, again, "again-" + mark);
        assertThat(contact(zoe, again).path("email").asString())
                .as("the sale continues")
                .isEqualTo(email);
        assertThat(contact(zoe, reservation).path("erased").asBoolean())
                .as("a new key does not decrypt old data")
                .isTrue();
        assertThat(zoe.cancels(reservation).status())
                .as("a refund works without the card")
                .isEqualTo(200);
        zoe.awaits(reservation, "CANCELLED", "REFUNDED");

        byte[] export = exported(performance);
        assertThat(ExportCheckAccess.passes(export)).isTrue();
        assertThat(text(export)).doesNotContain(words);
        String key = erased.path("keyIds").path(0).asString();
        byte[] ofTheErasure = exported(key);
        assertThat(ExportCheckAccess.passes(ofTheErasure)).isTrue();
        assertThat(text(ofTheErasure)).contains("onsale.personal-data-erased").doesNotContain(zoe.name());
        assertThat(Traces.of(onsale, words)).isEmpty();
        KafkaFacts.requireSame(onsale, onsale.log().ofSale(performance));
        requireSameAfterRebuild(zoe, reservation, again);
    }

    private void requireSameAfterRebuild(Person zoe, String erased, String readable) throws Exception {
        String erasedBefore = zoe.sees("/api/reservations/" + erased).body();
        String readableBefore = zoe.sees("/api/reservations/" + readable).body();
        onsale.post("/api/admin/projections/reservations/rebuild")
                .as(onsale.operator())
                .send()
                .require(202);
        await("the read model is rebuilt").atMost(LIMIT).untilAsserted(() -> {
            JsonNode rebuild = onsale.get("/api/admin/projections/reservations")
                    .as(onsale.operator())
                    .send()
                    .require(200)
                    .path("rebuild");
            assertThat(rebuild.path("state").asString()).as(rebuild.toString()).isEqualTo("SWITCHED");
            assertThat(rebuild.path("differences").asInt()).isZero();
        });
        assertThat(zoe.sees("/api/reservations/" + erased).body()).isEqualTo(erasedBefore);
        assertThat(zoe.sees("/api/reservations/" + readable).body()).isEqualTo(readableBefore);
    }

    @Test
    void a_payment_that_waits_for_the_gateway_takes_no_money_once_its_card_is_erased() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person yan = onsale.person("waiting-" + mark);
        String reservation = yan.hasHeld(performance, "P-1-1");
        String payment;
        onsale.gatewayGoesAway();
        try {
            payment = yan.pays(reservation, "pay", token)
                    .require(202)
                    .path("paymentId")
                    .asString();
            await("the payment waits").atMost(LIMIT).untilAsserted(() -> assertThat(
                            yan.sees("/api/reservations/" + reservation)
                                    .require(200)
                                    .path("next")
                                    .path("reason")
                                    .asString(""))
                    .isEqualTo("GATEWAY_UNAVAILABLE"));
            erasesOwn(yan);
            JsonNode declined = yan.awaits(reservation, "HELD", "DECLINED");
            assertThat(declined.path("payment").path("reason").asString())
                    .as("erased, unless the payment's time limit had passed before")
                    .isIn("PERSONAL_DATA_ERASED", "GATEWAY_UNAVAILABLE");
        } finally {
            onsale.gatewayComesBack();
        }
        assertThat(onsale.bookedAtGateway(payment)).isEmpty();

        yan.pays(reservation, "again", token).require(202);
        yan.awaits(reservation, "CONFIRMED", "CAPTURED");
        assertThat(onsale.bookedAtGateway(payment)).isEmpty();
    }

    @Test
    void who_may_erase_and_what_there_is_to_erase_is_asked_first() throws Exception {
        Person nobody = onsale.person("nobody-" + mark);
        onsale.delete("/api/me/personal-data").send().requireProblem(401, "UNAUTHENTICATED");
        onsale.delete("/api/me/personal-data").as(nobody.token()).send().requireProblem(404, "PERSONAL_DATA_NOT_FOUND");
        onsale.post("/api/admin/buyers/" + nobody.name() + "/erasure")
                .as(nobody.token())
                .send()
                .requireProblem(403, "FORBIDDEN");
        onsale.post("/api/admin/buyers/" + nobody.name() + "/erasure")
                .as(onsale.operator())
                .send()
                .requireProblem(404, "PERSONAL_DATA_NOT_FOUND");
    }
}
