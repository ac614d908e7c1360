package dev.onsale.command.personal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.personal.ContactDetails;
import dev.onsale.api.personal.ErasedBy;
import dev.onsale.api.personal.PersonalDataErased;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.http.Ask;
import dev.onsale.command.http.Ask.Answer;
import dev.onsale.command.http.Ask.Said;
import dev.onsale.eventlog.personal.Erasure;
import dev.onsale.eventlog.personal.PersonalData;
import dev.onsale.eventlog.personal.PersonalKeys;
import dev.onsale.testsupport.TestDatabase;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** Without stored answers, so that every repeat reaches the reservation. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class PersonalDataTest {

    private static final String CONTACT = "{\"name\":\"Alice Example\",\"email\":\"alice@example.org\"}";

    private final ConfigurableApplicationContext host =
            CommandSideHost.start(TestDatabase.fresh(), "--onsale.command.answers.enabled=false");
    private final HttpClient http = HttpClient.newHttpClient();
    private final Ask ask = new Ask(http, host);

    @AfterAll
    void stop() {
        host.close();
        http.close();
    }

    private ReservationId heldBy(String buyer) throws Exception {
        PerformanceId sale = PerformanceId.next();
        host.getBean(CommandGateway.class)
                .sendAndWait(
                        TestSale.schedule(
                                sale,
                                5,
                                Duration.ofMinutes(5),
                                host.getBean(Clock.class).instant()),
                        30,
                        TimeUnit.SECONDS);
        Said held = ask.post(buyer, "hold", "/api/performances/" + sale + "/reservations", "{\"seats\":[\"A-1\"]}")
                .said();
        assertThat(held.status()).isEqualTo(201);
        return ReservationId.of(held.field("reservationId"));
    }

    private Said pays(String buyer, ReservationId reservation, String token, String contact) throws Exception {
        return ask.post(
                        buyer,
                        "pay",
                        "/api/reservations/" + reservation + "/payments",
                        "{\"method\":{\"type\":\"card\",\"token\":\"" + token + "\"},\"contact\":" + contact + "}")
                .said();
    }

    private Said operatorErases(String buyer) throws Exception {
        Answer answer = ask.post("operator", "erase", "/api/admin/buyers/" + buyer + "/erasure", null);
        return answer.said();
    }

    private <T> List<T> factsOf(String aggregate, Class<T> type) {
        return host.getBean(EventStore.class)
                .readEvents(aggregate)
                .asStream()
                .map(event -> event.getPayload())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private PaymentRequested requestedFor(ReservationId reservation) {
        return factsOf(reservation.toString(), PaymentRequested.class).getFirst();
    }

    @Test
    void the_fact_of_a_payment_has_card_and_contact_sealed() throws Exception {
        ReservationId reservation = heldBy("anna");
        assertThat(pays("anna", reservation, "tok_of_anna", CONTACT).status()).isEqualTo(202);

        PaymentRequested fact = requestedFor(reservation);
        assertThat(fact.method()).isEqualTo(PaymentMethod.Card.withheld());
        PersonalData personal = host.getBean(PersonalData.class);
        assertThat(personal.openCardToken(fact.buyerId(), reservation, Objects.requireNonNull(fact.cardToken())))
                .contains("tok_of_anna");
        assertThat(personal.openContact(fact.buyerId(), reservation, Objects.requireNonNull(fact.contact())))
                .contains(new ContactDetails("Alice Example", "alice@example.org"));
    }

    @Test
    void a_repeat_is_recognised_under_its_seal_and_another_request_under_the_same_key_as_well() throws Exception {
        ReservationId reservation = heldBy("bert");
        Said first = pays("bert", reservation, "tok_1", CONTACT);
        assertThat(first.status()).isEqualTo(202);
        assertThat(pays("bert", reservation, "tok_1", CONTACT)).isEqualTo(first);
        for (Said other : List.of(
                pays("bert", reservation, "tok_2", CONTACT),
                pays("bert", reservation, "tok_1", "null"),
                pays("bert", reservation, "tok_1", "{\"email\":\"bert@example.org\"}"))) {
            assertThat(other.status()).isEqualTo(422);
            assertThat(other.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        }

        assertThat(operatorErases("bert").status()).isEqualTo(200);
        assertThat(pays("bert", reservation, "tok_1", CONTACT))
                .as("a repeat after the erasure")
                .isEqualTo(first);
        assertThat(factsOf(reservation.toString(), PaymentRequested.class)).hasSize(1);
    }

    @Test
    void an_erasure_is_a_fact_of_its_own_stream_and_a_repeat_is_none() throws Exception {
        assertThat(operatorErases("nobody").code()).isEqualTo("PERSONAL_DATA_NOT_FOUND");
        ReservationId reservation = heldBy("cora");
        pays("cora", reservation, "tok_1", CONTACT);

        Said erased = operatorErases("cora");
        assertThat(erased.status()).isEqualTo(200);
        assertThat(operatorErases("cora")).isEqualTo(erased);
        String key = JsonMapper.builder()
                .build()
                .readTree(erased.body())
                .path("keyIds")
                .path(0)
                .asString();
        assertThat(requestedFor(reservation))
                .extracting(PaymentRequested::cardToken)
                .asString()
                .contains(key);
        assertThat(factsOf(key, PersonalDataErased.class)).singleElement().satisfies(fact -> {
            assertThat(fact.erasedBy()).isEqualTo(ErasedBy.OPERATOR);
            assertThat(Objects.requireNonNull(fact.operator()).value()).isEqualTo("operator");
            assertThat(fact.erasedAt().toString()).isEqualTo(erased.field("erasedAt"));
        });
    }

    @Test
    void what_a_crash_left_untold_is_told_with_the_next_erasure() throws Exception {
        pays("dora", heldBy("dora"), "tok_1", CONTACT);
        Erasure left = host.getBean(PersonalKeys.class)
                .erase(BuyerId.of("dora"), ErasedBy.BUYER, null)
                .getFirst();
        assertThat(factsOf(left.keyId().toString(), PersonalDataErased.class)).isEmpty();

        pays("emil", heldBy("emil"), "tok_1", CONTACT);
        operatorErases("emil");
        assertThat(factsOf(left.keyId().toString(), PersonalDataErased.class)).hasSize(1);
        operatorErases("dora");
        assertThat(factsOf(left.keyId().toString(), PersonalDataErased.class)).hasSize(1);
    }

    @Test
    void bad_input_is_refused_with_a_code_and_nothing_of_it_is_repeated() throws Exception {
        ReservationId reservation = heldBy("fred");
        for (String contact : List.of(
                "{\"email\":\"fred.secret\"}",
                "{\"email\":\"fred.secret@" + "x".repeat(250) + ".org\"}",
                "{\"name\":\"\"}",
                "{\"name\":\"two\\nlines\"}",
                "{}",
                "\"fred.secret@example.org\"",
                "{\"email\":7}")) {
            Said said = pays("fred", reservation, "tok_1", contact);
            assertThat(said.status()).as(contact).isEqualTo(400);
            assertThat(said.code()).as(contact).isEqualTo("INVALID_REQUEST");
            assertThat(said.body()).doesNotContain("fred.secret");
        }
        assertThat(ask.post("fred", "erase", "/api/admin/buyers/fred/erasure", null)
                        .said()
                        .code())
                .isEqualTo("FORBIDDEN");
        assertThat(operatorErases("no%20buyer").code()).isEqualTo("INVALID_REQUEST");
    }
}
