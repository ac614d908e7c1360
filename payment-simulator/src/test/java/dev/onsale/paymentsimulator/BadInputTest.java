package dev.onsale.paymentsimulator;

import static dev.onsale.paymentsimulator.GatewayClient.charge;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest extends SimulatorTest {
    private final GatewayClient client = clientOfNew(NO_LAG);

    @AfterEach
    void nothingWasBookedAndTheSimulatorIsWell() {
        assertThat(client.get("/v1/ledger").json().path("entries").size()).isZero();
        assertThat(client.get("/health").json().path("inFlight").intValue()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                                                                      | BODY_MALFORMED
                    {                                                                       | BODY_MALFORMED
                    [1]                                                                     | BODY_MALFORMED
                    {} {}                                                                   | BODY_MALFORMED
                    {"reference": "r", "reference": "s"}                                    | BODY_MALFORMED
                    {}                                                                      | FIELD_MISSING
                    {"amount": null, "reference": "r"}                                      | FIELD_MISSING
                    {"amount": 5, "reference": "r"}                                         | FIELD_INVALID
                    {"amount": {"minorUnits": 5}, "reference": "r"}                         | FIELD_MISSING
                    {"amount": {"minorUnits": 0, "currency": "EUR"}, "reference": "r"}      | AMOUNT_INVALID
                    {"amount": {"minorUnits": -5, "currency": "EUR"}, "reference": "r"}     | AMOUNT_INVALID
                    {"amount": {"minorUnits": 5.5, "currency": "EUR"}, "reference": "r"}    | AMOUNT_INVALID
                    {"amount": {"minorUnits": "5", "currency": "EUR"}, "reference": "r"}    | AMOUNT_INVALID
                    {"amount": {"minorUnits": 1e9, "currency": "EUR"}, "reference": "r"}    | AMOUNT_INVALID
                    {"amount": {"minorUnits": 99999999999999999999, "currency": "EUR"}, "reference": "r"} | AMOUNT_INVALID
                    {"amount": {"minorUnits": 100000000000, "currency": "EUR"}, "reference": "r"} | AMOUNT_INVALID
                    {"amount": {"minorUnits": 5, "currency": "eur"}, "reference": "r"}      | CURRENCY_UNKNOWN
                    {"amount": {"minorUnits": 5, "currency": "EURO"}, "reference": "r"}     | FIELD_INVALID
                    {"amount": {"minorUnits": 5, "currency": "EUR", "x": 1}, "reference": "r"} | FIELD_UNKNOWN
                    {"amount": {"minorUnits": 5, "currency": "EUR"}}                        | FIELD_MISSING
                    {"amount": {"minorUnits": 5, "currency": "EUR"}, "reference": "  "}     | FIELD_INVALID
                    {"amount": {"minorUnits": 5, "currency": "EUR"}, "reference": 7}        | FIELD_INVALID
                    {"amount": {"minorUnits": 5, "currency": "EUR"}, "reference": "a\\nb"}  | FIELD_INVALID
                    {"amount": {"minorUnits": 5, "currency": "EUR"}, "reference": "\\ud800"} | FIELD_INVALID
                    {"amount": {"minorUnits": 5, "currency": "EUR"}, "reference": "r", "note": "n"} | FIELD_UNKNOWN
                    {"amount": {"minorUnits": 5, "currency": "EUR"}, "reference": "r", "paymentToken": "a b"} | FIELD_INVALID
                    {"amount": {"minorUnits": 5, "currency": "EUR"}, "reference": "r", "paymentToken": "tok_declined_crad"} | PAYMENT_TOKEN_UNKNOWN
                    """)
    void each_mistake_in_a_charge_has_its_code(String body, String code) {
        assertProblem(client.authorize("key-1", body), 400, code);
    }

    @Test
    void a_reference_that_is_too_long_is_refused() {
        assertProblem(
                client.authorize("key-1", charge(5).replace("reservation-1", "r".repeat(201))), 400, "FIELD_INVALID");
    }

    @Test
    void deep_nesting_is_malformed_and_not_a_failure() {
        assertProblem(client.authorize("key-1", "[".repeat(30_000)), 400, "BODY_MALFORMED");
    }

    @Test
    void bytes_that_are_not_utf_8_are_malformed() {
        var request = client.request("/v1/authorizations")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "key-1")
                .POST(BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}));

        assertProblem(client.send(request.build()), 400, "BODY_MALFORMED");
    }

    @Test
    void a_change_without_a_key_is_refused_and_so_is_a_key_that_is_malformed_or_doubled() {
        var unkeyed = client.request("/v1/authorizations")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(charge(5)));

        assertProblem(client.send(unkeyed.copy().build()), 400, "IDEMPOTENCY_KEY_MISSING");
        assertProblem(
                client.send(unkeyed.copy().header("Idempotency-Key", "a b").build()), 400, "IDEMPOTENCY_KEY_INVALID");
        assertProblem(
                client.send(unkeyed.copy()
                        .header("Idempotency-Key", "k".repeat(256))
                        .build()),
                400,
                "IDEMPOTENCY_KEY_INVALID");
        assertProblem(
                client.send(unkeyed.copy()
                        .header("Idempotency-Key", "a")
                        .header("Idempotency-Key", "b")
                        .build()),
                400,
                "IDEMPOTENCY_KEY_INVALID");
    }

    @Test
    void a_body_over_the_limit_is_refused_whether_its_length_is_announced_or_not() {
        var big = "{\"reference\": \"" + "x".repeat(HttpApi.BODY_BYTES_MAX) + "\"}";
        var chunked = client.request("/v1/authorizations")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "key-2")
                .POST(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(big.getBytes(StandardCharsets.UTF_8))));

        assertProblem(client.authorize("key-1", big), 413, "BODY_TOO_LARGE");
        assertProblem(client.send(chunked.build()), 413, "BODY_TOO_LARGE");
    }

    @Test
    void a_body_that_is_not_json_by_its_type_is_refused() {
        var request = client.request("/v1/authorizations")
                .header("Content-Type", "text/plain")
                .header("Idempotency-Key", "key-1")
                .POST(BodyPublishers.ofString(charge(5)));

        assertProblem(client.send(request.build()), 415, "MEDIA_TYPE_UNSUPPORTED");
    }

    @Test
    void what_is_not_there_is_not_found() {
        assertProblem(client.get("/v1/authorizations/auth_0"), 404, "AUTHORIZATION_UNKNOWN");
        assertProblem(client.findByKey("never-seen"), 404, "AUTHORIZATION_UNKNOWN");
        assertProblem(client.capture("auth_0", "key-1", 5), 404, "AUTHORIZATION_UNKNOWN");
        assertProblem(client.voided("auth_0", "key-2"), 404, "AUTHORIZATION_UNKNOWN");
        assertProblem(client.refund("auth_0", "key-3", 5), 404, "AUTHORIZATION_UNKNOWN");
        assertProblem(client.get("/v2/authorizations"), 404, "ROUTE_UNKNOWN");
        assertProblem(client.get("/v1/authorizations/%7Bid%7D/x"), 404, "ROUTE_UNKNOWN");
        assertProblem(client.get("/v1/authorizations/a%2Fcaptures"), 404, "AUTHORIZATION_UNKNOWN");
        assertProblem(client.get("/"), 404, "ROUTE_UNKNOWN");
    }

    @Test
    void a_method_that_is_not_allowed_is_answered_with_those_that_are() {
        var answer = client.send(client.request("/v1/authorizations").DELETE().build());

        assertProblem(answer, 405, "METHOD_NOT_ALLOWED");
        assertThat(answer.header("Allow")).isEqualTo("GET, POST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/ledger?limit=0",
                "/v1/ledger?limit=1001",
                "/v1/ledger?limit=x",
                "/v1/ledger?after=-1",
                "/v1/ledger?after=1&after=2",
                "/v1/ledger?befor=1",
                "/v1/authorizations",
                "/v1/authorizations?idempotencyKey=",
                "/v1/authorizations?idempotencyKey=a%20b"
            })
    void a_query_that_is_not_understood_is_refused(String path) {
        assertProblem(client.get(path), 400, "QUERY_INVALID");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "successRate": 1       | "successRate": 1.01    | FIELD_INVALID
                    "successRate": 1       | "successRate": "1"     | FIELD_INVALID
                    "successRate": 1,      | ``                     | FIELD_MISSING
                    "delayMinMillis": 0    | "delayMinMillis": 1    | FIELD_INVALID
                    "delayMaxMillis": 0    | "delayMaxMillis": -1   | FIELD_INVALID
                    "delayMaxMillis": 0    | "delayMaxMillis": 600001 | FIELD_INVALID
                    "answerLostProbability": 0.0 | "answerLostProbability": 2 | FIELD_INVALID
                    "answerLostProbability": 0.0 | "answerLostProbability": 1e999 | FIELD_INVALID
                    "slowAnswerBytesPerSecond": 100 | "slowAnswerBytesPerSecond": 0 | FIELD_INVALID
                    "successRate": 1       | "sucessRate": 1        | FIELD_UNKNOWN
                    """)
    void settings_that_make_no_sense_are_refused_and_change_nothing(String good, String bad, String code) {
        var before = client.get("/v1/settings").body();
        var body = faults(0, 0, 0, 100);
        assertThat(body).contains(good);

        assertProblem(client.put("/v1/settings", body.replace(good, bad)), 400, code);

        assertThat(client.get("/v1/settings").body()).isEqualTo(before);
    }

    @Test
    void a_number_too_great_for_any_type_is_refused() {
        var great = "\"successRate\": 1" + "0".repeat(400);

        assertProblem(
                client.put("/v1/settings", faults(0, 0, 0, 100).replace("\"successRate\": 1", great)),
                400,
                "FIELD_INVALID");
    }

    @Test
    void an_address_with_a_broken_escape_is_refused() throws IOException {
        var answer = client.raw("GET /v1/ledger?after=%zz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"QUERY_INVALID\"");
    }

    private static void assertProblem(GatewayClient.Reply reply, int status, String code) {
        assertThat(reply.code()).as(reply.body()).isEqualTo(code);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.json().path("status").intValue()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.text("title")).isNotBlank();
        assertThat(reply.text("detail")).isNotBlank();
    }
}
