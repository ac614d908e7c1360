package dev.onsale.waitingroom;

import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.testsupport.TestServices;
import dev.onsale.waitingroom.admission.Admissions;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.token.KeyWrapping;
import dev.onsale.waitingroom.token.TestWrapping;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        classes = {WaitingRoomApplication.class, WaitingRoomHttpTest.MasterKey.class},
        properties = {
            "onsale.web.trusted-proxies=1",
            "onsale.waiting-room.rooms.configured-sale.active-limit=3",
            "onsale.waiting-room.rooms.configured-sale.admit-per-second=2"
        })
@DirtiesContext
@Tag("services")
class WaitingRoomHttpTest {

    /** Without an annotation: the scan for the components of this package must not find it in other tests. */
    static class MasterKey {

        @Bean
        KeyWrapping wrapping() {
            return new TestWrapping(1);
        }
    }

    private final String sale = UUID.randomUUID().toString();
    private final Admissions admissions;
    private final WebTestClient anonymous;
    private final WebTestClient alice;
    private final WebTestClient bob;
    private final WebTestClient operator;

    WaitingRoomHttpTest(@Autowired ApplicationContext context, @Autowired Admissions admissions) {
        this.admissions = admissions;
        anonymous = WebTestClient.bindToApplicationContext(context)
                .configureClient()
                .responseTimeout(BOUND)
                .build();
        alice = as("alice");
        bob = as("bob");
        operator = signedIn("operator-olga");
    }

    @DynamicPropertySource
    static void services(DynamicPropertyRegistry properties) {
        properties.add("spring.data.redis.host", RealRedis::host);
        properties.add("spring.data.redis.port", RealRedis::port);
        properties.add("spring.datasource.url", Database::url);
        properties.add("spring.datasource.username", Database::user);
        properties.add("spring.datasource.password", Database::password);
        properties.add("spring.flyway.locations", () -> "classpath:db/migration/waiting-room");
        properties.add(
                "spring.kafka.bootstrap-servers", () -> TestServices.shared().kafkaBootstrapServers());
    }

    @BeforeEach
    void open() {
        operator.post()
                .uri("/api/admin/waiting-rooms/{sale}", sale)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("activeLimit", 1))
                .exchange()
                .expectStatus()
                .isCreated()
                .expectHeader()
                .location("/api/admin/waiting-rooms/" + sale);
    }

    @Test
    void a_visitor_joins_is_admitted_enters_once_and_leaves() throws Exception {
        join(alice)
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .exists("Retry-After")
                .expectHeader()
                .valueEquals("Cache-Control", "no-store");
        String token = admissionToken(alice);
        join(bob)
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Retry-After", "2")
                .expectBody()
                .json("""
                    {"position":1,"positionExact":true,"totalWaiting":1,"state":"WAITING"}\
                    """)
                .jsonPath("$.admissionToken")
                .doesNotExist();

        enter(alice, token)
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.activeUntil")
                .isNotEmpty();
        assertRefused(enter(alice, token), 409, "ADMISSION_TOKEN_USED");
        assertThat(get(admissions.isActive(sale, BuyerId.of("alice")))).isTrue();
        assertThat(get(admissions.isActive(sale, BuyerId.of("bob")))).isFalse();

        alice.delete()
                .uri("/api/waiting-rooms/{sale}/visitors/me", sale)
                .exchange()
                .expectStatus()
                .isNoContent();
        assertThat(admissionToken(bob)).isNotEmpty();
        poll(alice).expectBody().json("{\"state\":\"LEFT\",\"reason\":\"LEFT\"}");
    }

    @Test
    void somebody_elses_token_and_no_token_at_all_are_refused() {
        join(alice).expectStatus().isAccepted();
        String token = admissionToken(alice);

        assertRefused(enter(bob, token), 403, "ADMISSION_TOKEN_INVALID");
        assertRefused(enter(alice, "rubbish"), 403, "ADMISSION_TOKEN_INVALID");
        assertRefused(enter(alice, ""), 400, "INVALID_REQUEST");
        for (String body : new String[] {"", "{}", "[]", "{\"admissionToken\":", "{\"admissionToken\":{}}"}) {
            assertRefused(
                    alice.post()
                            .uri("/api/sales/{sale}/entry", sale)
                            .contentType(MediaType.APPLICATION_JSON)
                            .bodyValue(body)
                            .exchange(),
                    400,
                    "INVALID_REQUEST");
        }
    }

    @Test
    void the_operator_sees_and_changes_the_room() {
        operator.post()
                .uri("/api/admin/waiting-rooms/{sale}", sale)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("""
                    {"state":"OPEN","waiting":0,"active":0,"entered":0,"admittedTotal":0,"activeLimit":10000,
                     "admitPerSecond":700,"activeSeconds":300,"tokenSeconds":600}\
                    """);
        operator.post()
                .uri("/api/admin/waiting-rooms/{sale}/pause", sale)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.state")
                .isEqualTo("PAUSED");
        join(alice).expectStatus().isAccepted();
        operator.get()
                .uri("/api/admin/waiting-rooms/{sale}", sale)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"state\":\"PAUSED\",\"waiting\":1}");
        operator.post()
                .uri("/api/admin/waiting-rooms/{sale}/resume", sale)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.state")
                .isEqualTo("OPEN");
    }

    @Test
    void a_room_of_the_configuration_is_opened_at_start() {
        await("the configured room").atMost(BOUND).untilAsserted(() -> operator.get()
                .uri("/api/admin/waiting-rooms/configured-sale")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"activeLimit\":3,\"admitPerSecond\":2,\"activeSeconds\":300}"));
    }

    @Test
    void who_has_booked_gives_the_place_to_the_next_as_soon_as_the_fact_is_told() throws Exception {
        join(alice).expectStatus().isAccepted();
        enter(alice, admissionToken(alice)).expectStatus().isOk();
        join(bob).expectStatus().isAccepted();

        tell(Instant.EPOCH);
        tell(Instant.now());

        assertThat(admissionToken(bob)).isNotEmpty();
        poll(alice).expectBody().json("{\"state\":\"LEFT\",\"reason\":\"COMPLETED\"}");
    }

    @Test
    void a_room_may_take_its_visitors_through_a_topic() {
        operator.post()
                .uri("/api/admin/waiting-rooms/{sale}", sale)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("activeLimit", 1, "intake", "KAFKA"))
                .exchange()
                .expectStatus()
                .isOk();
        VisitorAnswer queued = join(alice)
                .expectStatus()
                .isAccepted()
                .expectBody(VisitorAnswer.class)
                .returnResult()
                .getResponseBody();
        assertThat(queued).isNotNull();
        assertThat(queued.state()).isEqualTo(VisitorAnswer.State.QUEUED);

        await("the place").atMost(BOUND).untilAsserted(() -> alice.get()
                .uri("/api/waiting-rooms/{sale}/visitors/me?ticket={ticket}", sale, queued.ticket())
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"state\":\"ADMITTED\"}"));
        assertRefused(
                alice.get()
                        .uri("/api/waiting-rooms/{sale}/visitors/me?ticket=x", sale)
                        .exchange(),
                400,
                "INVALID_REQUEST");
    }

    @Test
    void a_visitor_gets_a_signed_receipt_of_the_journey_and_the_operator_the_journal() {
        join(alice).expectStatus().isAccepted();
        enter(alice, admissionToken(alice)).expectStatus().isOk();

        await("the journal").atMost(BOUND).untilAsserted(() -> alice.get()
                .uri("/api/waiting-rooms/{sale}/visitors/me/receipt", sale)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("""
                    {"visitor":"alice","journey":[{"what":"JOINED","number":1},{"what":"ADMITTED","number":1},
                     {"what":"ENTERED"}]}\
                    """)
                .jsonPath("$.signed")
                .isNotEmpty());
        operator.get()
                .uri("/api/admin/waiting-rooms/{sale}/journal", sale)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.entries[0].kind")
                .isEqualTo("RESTORED")
                .jsonPath("$.entries[1].kind")
                .isEqualTo("JOINED");
        assertRefused(
                bob.get()
                        .uri("/api/waiting-rooms/{sale}/visitors/me/receipt", sale)
                        .exchange(),
                404,
                "VISITOR_NOT_FOUND");
    }

    @Test
    void an_address_is_what_the_trusted_proxy_says_and_nothing_that_the_client_writes_before_it() {
        operator.post()
                .uri("/api/admin/waiting-rooms/{sale}", sale)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("joinsPerAddress", 1, "addressSeconds", 60))
                .exchange()
                .expectStatus()
                .isOk();
        joinFrom(alice, "198.51.100.7").expectStatus().isAccepted();

        WebTestClient.ResponseSpec refused = joinFrom(bob, "203.0.113.99, 198.51.100.7");
        refused.expectHeader().value("Retry-After", seconds -> assertThat(Integer.parseInt(seconds))
                .isBetween(30, 60));
        assertRefused(refused, 429, "RATE_LIMITED");
        joinFrom(bob, "198.51.100.7, 198.51.100.8").expectStatus().isAccepted();
        joinFrom(alice, "198.51.100.8").expectStatus().isAccepted();
        operator.get()
                .uri("/api/admin/waiting-rooms/{sale}", sale)
                .exchange()
                .expectBody()
                .json("{\"refused\":{\"ADDRESS_LIMIT\":1}}");
    }

    @Test
    void who_comes_too_early_or_too_late_is_told_so_and_when_to_come() {
        Instant opens = Instant.now().plusSeconds(7_200);
        schedule(Map.of("preQueueOpensAt", opens.minusSeconds(3_600).toString(), "opensAt", opens.toString()));
        WebTestClient.ResponseSpec early = join(alice);
        early.expectHeader().value("Retry-After", seconds -> assertThat(Integer.parseInt(seconds))
                .isBetween(3_500, 3_600));
        assertRefused(early, 409, "SALE_NOT_OPEN");

        schedule(Map.of("closesAt", Instant.now().minusSeconds(1).toString()));
        assertRefused(join(alice), 409, "SALE_CLOSED");
        operator.get()
                .uri("/api/admin/waiting-rooms/{sale}", sale)
                .exchange()
                .expectBody()
                .json("{\"phase\":\"CLOSED\",\"refused\":{\"TOO_EARLY\":1,\"CLOSED\":1}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"preQueueOpensAt\":\"2030-01-01T00:00:00Z\",\"opensAt\":\"2029-01-01T00:00:00Z\"}",
                "{\"opensAt\":\"2030-01-01T00:00:00Z\",\"closesAt\":\"2030-01-01T00:00:00Z\"}",
                "{\"opensAt\":\"tomorrow\"}",
                "{\"joinsPerAddress\":-1}",
                "{\"addressSeconds\":0}",
                "{\"proofOfWork\":10000001}",
                "{\"intake\":\"PIGEON\"}",
                "{\"autopilot\":\"perhaps\"}"
            })
    void a_room_with_an_impossible_schedule_or_limit_is_refused(String settings) {
        a_room_with_impossible_settings_is_refused(settings);
    }

    @Test
    void bad_input_of_a_visitor_is_refused_and_changes_nothing() {
        for (String body : new String[] {"[]", "{\"altcha\":", "{\"altcha\":{}}"}) {
            assertRefused(
                    alice.post()
                            .uri("/api/waiting-rooms/{sale}/visitors", sale)
                            .contentType(MediaType.APPLICATION_JSON)
                            .bodyValue(body)
                            .exchange(),
                    400,
                    "INVALID_REQUEST");
        }
        assertRefused(
                alice.post()
                        .uri("/api/waiting-rooms/{sale}/visitors", sale)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue("{\"altcha\":\"rubbish\"}")
                        .exchange(),
                403,
                "PROOF_OF_WORK_REQUIRED");
        for (String query : new String[] {"limit=0", "limit=10001", "limit=x", "after=x", "after=1", "after=-"}) {
            assertRefused(
                    operator.get()
                            .uri("/api/admin/waiting-rooms/" + sale + "/journal?" + query)
                            .exchange(),
                    400,
                    "INVALID_REQUEST");
        }
        assertRefused(alice.get().uri("/api/waiting-rooms/" + sale + "/shuffle").exchange(), 409, "SALE_NOT_OPEN");
        assertRefused(poll(alice), 404, "VISITOR_NOT_FOUND");
    }

    @Test
    void everybody_sees_the_room_and_nobody_the_seed_before_the_draw() {
        anonymous
                .get()
                .uri("/api/waiting-rooms/{sale}", sale)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.commitment")
                .isNotEmpty()
                .jsonPath("$.seed")
                .doesNotExist();
    }

    @Test
    void only_an_operator_runs_a_room() {
        assertRefused(alice.get().uri("/api/admin/waiting-rooms/{sale}", sale).exchange(), 403, "FORBIDDEN");
        assertRefused(
                alice.post().uri("/api/admin/waiting-rooms/{sale}/pause", sale).exchange(), 403, "FORBIDDEN");
        assertRefused(join(anonymous), 401, "UNAUTHENTICATED");
        assertRefused(poll(anonymous), 401, "UNAUTHENTICATED");
        assertRefused(enter(anonymous, "x"), 401, "UNAUTHENTICATED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"activeLimit\":0}",
                "{\"activeLimit\":-1}",
                "{\"activeLimit\":1000001}",
                "{\"admitPerSecond\":0}",
                "{\"activeSeconds\":0}",
                "{\"tokenSeconds\":601}",
                "{\"activeLimit\":\"many\"}",
                "{",
                "[]"
            })
    void a_room_with_impossible_settings_is_refused(String settings) {
        assertRefused(
                operator.post()
                        .uri("/api/admin/waiting-rooms/{sale}", sale)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(settings)
                        .exchange(),
                400,
                "INVALID_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a}b", "{a", "a b", "ä", "a:b"})
    void a_sale_id_of_another_form_is_refused(String id) {
        assertRefused(alice.post().uri("/api/waiting-rooms/{sale}/visitors", id).exchange(), 400, "INVALID_REQUEST");
        assertRefused(operator.post().uri("/api/admin/waiting-rooms/{sale}", id).exchange(), 400, "INVALID_REQUEST");
    }

    @Test
    void a_sale_without_a_room_is_not_found() {
        assertRefused(
                alice.post().uri("/api/waiting-rooms/unknown/visitors").exchange(), 404, "WAITING_ROOM_NOT_FOUND");
        assertRefused(
                alice.get().uri("/api/waiting-rooms/unknown/visitors/me").exchange(), 404, "WAITING_ROOM_NOT_FOUND");
        assertRefused(
                alice.delete().uri("/api/waiting-rooms/unknown/visitors/me").exchange(), 404, "WAITING_ROOM_NOT_FOUND");
        assertRefused(operator.get().uri("/api/admin/waiting-rooms/unknown").exchange(), 404, "WAITING_ROOM_NOT_FOUND");
        assertRefused(
                operator.post().uri("/api/admin/waiting-rooms/unknown/pause").exchange(),
                404,
                "WAITING_ROOM_NOT_FOUND");
        assertRefused(poll(alice), 404, "VISITOR_NOT_FOUND");
    }

    @Test
    void the_public_key_is_published_to_everybody_and_the_private_one_to_nobody() {
        anonymous
                .get()
                .uri("/.well-known/admission-keys")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.keys[0].crv")
                .isEqualTo("P-256")
                .jsonPath("$.keys[0].kid")
                .isNotEmpty()
                .jsonPath("$.keys[0].d")
                .doesNotExist();
    }

    @Test
    void an_operator_rotates_the_admission_key_and_a_repeat_publishes_no_other() {
        assertRefused(alice.post().uri("/api/admin/admission-keys/rotate").exchange(), 403, "FORBIDDEN");
        assertRefused(alice.get().uri("/api/admin/admission-keys").exchange(), 403, "FORBIDDEN");

        String next = rotated();

        assertThat(rotated()).isEqualTo(next);
        operator.get()
                .uri("/api/admin/admission-keys")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.length()")
                .isEqualTo(2)
                .jsonPath("$[0].acceptedUntil")
                .isNotEmpty()
                .jsonPath("$[1].keyId")
                .isEqualTo(next)
                .jsonPath("$[1].acceptedUntil")
                .doesNotExist()
                .jsonPath("$[1].d")
                .doesNotExist();
        anonymous
                .get()
                .uri("/.well-known/admission-keys")
                .exchange()
                .expectBody()
                .jsonPath("$.keys[0].kid")
                .isEqualTo(next)
                .jsonPath("$.keys.length()")
                .isEqualTo(2);
    }

    private String rotated() {
        JsonNode key = operator.post()
                .uri("/api/admin/admission-keys/rotate")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody();
        return key == null ? "" : key.path("keyId").asString("");
    }

    private WebTestClient as(String subject) {
        return signedIn("buyer-" + subject);
    }

    private WebTestClient signedIn(String token) {
        return anonymous
                .mutate()
                .defaultHeader("Authorization", "Bearer " + token)
                .build();
    }

    private WebTestClient.ResponseSpec join(WebTestClient visitor) {
        return visitor.post().uri("/api/waiting-rooms/{sale}/visitors", sale).exchange();
    }

    private WebTestClient.ResponseSpec joinFrom(WebTestClient visitor, String forwardedFor) {
        return visitor.post()
                .uri("/api/waiting-rooms/{sale}/visitors", sale)
                .header("X-Forwarded-For", forwardedFor)
                .exchange();
    }

    private void schedule(Map<String, String> times) {
        operator.post()
                .uri("/api/admin/waiting-rooms/{sale}", sale)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(times)
                .exchange()
                .expectStatus()
                .isOk();
    }

    private WebTestClient.ResponseSpec poll(WebTestClient visitor) {
        return visitor.get().uri("/api/waiting-rooms/{sale}/visitors/me", sale).exchange();
    }

    private WebTestClient.ResponseSpec enter(WebTestClient visitor, String token) {
        return visitor.post()
                .uri("/api/sales/{sale}/entry", sale)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("admissionToken", token))
                .exchange();
    }

    private String admissionToken(WebTestClient visitor) {
        return await("admission")
                .atMost(BOUND)
                .until(
                        () -> {
                            VisitorAnswer answer = poll(visitor)
                                    .expectStatus()
                                    .isOk()
                                    .expectBody(VisitorAnswer.class)
                                    .returnResult()
                                    .getResponseBody();
                            return answer == null || answer.admissionToken() == null ? "" : answer.admissionToken();
                        },
                        token -> !token.isEmpty());
    }

    private void tell(Instant at) throws Exception {
        Map<String, Object> kafka =
                Map.of("bootstrap.servers", TestServices.shared().kafkaBootstrapServers());
        try (Admin admin = Admin.create(kafka);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer())) {
            if (!admin.listTopics().names().get(30, TimeUnit.SECONDS).contains(Topics.RESERVATION_EVENTS)) {
                admin.createTopics(List.of(new NewTopic(Topics.RESERVATION_EVENTS, 1, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
            ProducerRecord<String, String> fact = new ProducerRecord<>(
                    Topics.RESERVATION_EVENTS,
                    sale,
                    "{\"performanceId\":\"" + sale + "\",\"buyerId\":\"alice\",\"reservationId\":\""
                            + ReservationId.next() + "\",\"confirmedAt\":\"" + at + "\"}");
            fact.headers().add(Topics.HEADER_TYPE, "onsale.reservation-confirmed.v1".getBytes(StandardCharsets.UTF_8));
            producer.send(fact).get(30, TimeUnit.SECONDS);
        }
    }

    private static void assertRefused(WebTestClient.ResponseSpec answer, int status, String code) {
        answer.expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code);
    }
}
