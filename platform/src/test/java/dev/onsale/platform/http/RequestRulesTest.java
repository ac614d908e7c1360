package dev.onsale.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** What every endpoint has in common, as clients meet it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestRulesTest {

    private static final List<String> PATHS = List.of("/api/things", "/api/performances/one", "/api/things/orders");

    private final ConfigurableApplicationContext host =
            RulesHost.start("--onsale.web.cors.allowed-origins=https://shop.example,https://other.example");
    private final int port = RulesHost.port(host);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterAll
    void stop() {
        host.close();
        http.close();
    }

    @Test
    void the_thread_that_completes_a_result_does_not_write_the_answer() throws Exception {
        for (int round = 0; round < 20; round++) {
            HttpResponse<String> answer =
                    send("GET", "/api/performances/elsewhere?refused=false", "", BodyPublishers.noBody());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("reactor-http");
            problem(
                    send("GET", "/api/performances/elsewhere?refused=true", "", BodyPublishers.noBody()),
                    409,
                    "SOLD_OUT");
        }
    }

    @Test
    void a_body_beyond_the_limit_of_its_endpoint_is_refused_whether_or_not_its_length_is_named() throws Exception {
        String text = "{\"name\":\"" + "x".repeat(BodyLimit.BYTES_DEFAULT) + "\"}";
        problem(post("/api/things", "alice", BodyPublishers.ofString(text)), 413, "CONTENT_TOO_LARGE");
        problem(post("/api/things", "alice", chunked(text)), 413, "CONTENT_TOO_LARGE");
        problem(
                post("/api/performances", "operator", chunked("[" + " ".repeat(BodyLimit.BYTES_MAX))),
                413,
                "CONTENT_TOO_LARGE");
        String within = "{\"name\":\"" + "x".repeat(BodyLimit.BYTES_DEFAULT - 11) + "\"}";
        assertThat(within).hasSize(BodyLimit.BYTES_DEFAULT);
        assertThat(post("/api/things", "alice", BodyPublishers.ofString(within)).statusCode())
                .isEqualTo(200);
        assertThat(post("/api/things", "alice", chunked(within)).statusCode()).isEqualTo(200);
    }

    @Test
    void the_length_alone_is_enough_to_refuse_it() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.request(
                    "POST /api/things HTTP/1.1",
                    "Authorization: Bearer alice",
                    "Content-Type: application/json",
                    "Content-Length: 8000000");
            assertThat(client.head()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void who_may_not_send_a_large_body_is_told_so_before_it_is_read() throws Exception {
        for (String token : List.of("", "Authorization: Bearer alice\r\n")) {
            try (RawClient client = new RawClient(port)) {
                client.send("POST /api/performances HTTP/1.1\r\nHost: x\r\n" + token
                        + "Content-Type: application/json\r\nContent-Length: 30000000\r\n\r\n");
                assertThat(client.head()).startsWith("HTTP/1.1 " + (token.isEmpty() ? "401" : "403"));
            }
        }
    }

    @Test
    void a_large_body_is_decoded_outside_of_the_event_loop() throws Exception {
        String parts = "{\"parts\":[" + "\"part\",".repeat(99_999) + "\"last\"]}";
        HttpResponse<String> answer = post("/api/performances", "operator", BodyPublishers.ofString(parts));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("100000");
        assertThat(RulesHost.DECODED_ON.get()).startsWith("large-body");
    }

    @Test
    void a_list_or_an_object_with_too_many_members_is_refused() throws Exception {
        problem(
                post("/api/things", "alice", "{\"parts\":[" + "\"\",".repeat(1_000) + "\"\"]}"),
                400,
                "INVALID_REQUEST");
        problem(
                post("/api/things", "alice", "{\"labels\":{" + "\"a\":\"\",".repeat(1_000) + "\"b\":\"\"}}"),
                400,
                "INVALID_REQUEST");
        problem(
                post("/api/performances", "operator", "{\"parts\":[" + "0,".repeat(8_000_000) + "0]}"),
                400,
                "INVALID_REQUEST");
        problem(
                post(
                        "/api/performances",
                        "operator",
                        "{\"unknown\":[" + ("[" + "[],".repeat(99) + "0],").repeat(50_000) + "0]}"),
                400,
                "INVALID_REQUEST");
    }

    @Test
    void text_that_is_no_unicode_is_refused_in_bodies_paths_and_queries() throws Exception {
        problem(post("/api/things", "alice", "{\"name\":\"A\\ud800\"}"), 400, "INVALID_REQUEST");
        problem(post("/api/things", "alice", "{\"labels\":{\"\\udc00\":\"\"}}"), 400, "INVALID_REQUEST");
        for (String address :
                List.of("/api/performances/one?x=%ED%A0%80", "/api/performances/%C3", "/api/performances/one?x=%zz")) {
            try (RawClient client = new RawClient(port)) {
                client.send("GET " + address + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.head()).as(address).startsWith("HTTP/1.1 400");
            }
        }
        assertThat(post("/api/things", "alice", "{\"name\":\"\\ud83c\\udfad\"}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void times_are_text_of_these_centuries_in_bodies_and_queries() throws Exception {
        for (String at : List.of(
                "1893456000000",
                "1893456000",
                "1.5",
                "\"+61971-03-27T00:00:00Z\"",
                "\"1969-12-31T00:00:00Z\"",
                "\"2026-01-01\"",
                "true",
                "[]")) {
            problem(post("/api/things", "alice", "{\"at\":" + at + "}"), 400, "INVALID_REQUEST");
        }
        for (String lasting : List.of("5", "\"P99999D\"", "\"PT99999999999H\"", "\"5m\"")) {
            problem(post("/api/things", "alice", "{\"lasting\":" + lasting + "}"), 400, "INVALID_REQUEST");
        }
        for (String from : List.of("1893456000000", "%2B61971-03-27T00:00:00Z", "1969-12-31T00:00:00Z", "tomorrow")) {
            problem(
                    send("GET", "/api/performances/one?from=" + from, "", BodyPublishers.noBody()),
                    400,
                    "INVALID_REQUEST");
        }
        assertThat(post("/api/things", "alice", "{\"at\":\"2026-10-25T01:00:00+02:00\",\"lasting\":\"PT5M\"}")
                        .body())
                .contains("2026-10-24T23:00:00Z", "PT5M");
    }

    @Test
    void a_body_where_none_is_taken_is_refused() throws Exception {
        for (String method : List.of("POST /api/things/orders", "DELETE /api/things", "GET /api/performances/one")) {
            String[] to = method.split(" ", 2);
            problem(
                    send(to[0], to[1], "alice", BodyPublishers.ofString("{\"seats\":[\"A-04\"]}")),
                    400,
                    "INVALID_REQUEST");
            problem(send(to[0], to[1], "alice", chunked("{}")), 400, "INVALID_REQUEST");
            problem(send(to[0], to[1], "alice", chunked(" ".repeat(100_000))), 400, "INVALID_REQUEST");
            assertThat(send(to[0], to[1], "alice", BodyPublishers.noBody()).statusCode())
                    .as(method)
                    .isEqualTo(200);
        }
    }

    @Test
    void head_is_answered_like_get_without_a_body() throws Exception {
        for (String path :
                List.of("/api/performances/one", "/v3/api-docs", "/favicon.ico", "/api/performances/stream")) {
            HttpResponse<String> head = send("HEAD", path, "", BodyPublishers.noBody());
            assertThat(head.statusCode()).as(path).isIn(200, 204);
            assertThat(head.body()).isEmpty();
        }
        assertThat(send("HEAD", "/api/performances/none", "", BodyPublishers.noBody())
                        .statusCode())
                .isEqualTo(404);
    }

    /** An answer from another thread than the connection's must not stop the requests that follow it. */
    @Test
    void a_connection_goes_on_after_each_answer_to_head() throws Exception {
        try (RawClient client = new RawClient(port)) {
            for (int round = 0; round < 1_000; round++) {
                for (String path : List.of("/v3/api-docs", "/api/performances/one", "/favicon.ico")) {
                    client.request("HEAD " + path + " HTTP/1.1");
                    assertThat(client.head()).as("%s, round %d", path, round).startsWith("HTTP/1.1 20");
                }
            }
        }
    }

    @Test
    void what_is_not_there_is_404_and_a_wrong_method_405_with_the_right_ones_with_and_without_a_token()
            throws Exception {
        for (String token : List.of("", "alice")) {
            for (String path : List.of(
                    "/nothing",
                    "/api/nothing",
                    "/api/admin/nothing",
                    "/api/things/",
                    "/api/performances/one/",
                    "/actuator/nothing")) {
                problem(send("GET", path, token, BodyPublishers.noBody()), 404, "NOT_FOUND");
                problem(send("POST", path, token, BodyPublishers.ofString("{}")), 404, "NOT_FOUND");
            }
            HttpResponse<String> put = send("PUT", "/api/things", token, BodyPublishers.ofString("{}"));
            problem(put, 405, "METHOD_NOT_ALLOWED");
            assertThat(put.headers().firstValue("Allow").orElse("").split(",\\s*"))
                    .containsExactlyInAnyOrder("POST", "DELETE");
            HttpResponse<String> get = send("GET", "/api/things/orders", token, BodyPublishers.noBody());
            problem(get, 405, "METHOD_NOT_ALLOWED");
            assertThat(get.headers().firstValue("Allow")).contains("POST");
        }
        problem(send("POST", "/api/things", "", BodyPublishers.ofString("{}")), 401, "UNAUTHENTICATED");
        problem(send("DELETE", "/api/things", "", BodyPublishers.noBody()), 401, "UNAUTHENTICATED");
    }

    /** Content delivery networks write city names into headers. */
    @Test
    void a_header_of_a_proxy_may_have_other_bytes_than_ascii_and_tabs() throws Exception {
        for (String header : List.of("Cf-Ipcity: Łódź", "X-City: 서울", "X-List: a,\tb")) {
            assertThat(raw("GET /api/performances/one HTTP/1.1", header))
                    .as(header)
                    .startsWith("HTTP/1.1 200");
        }
        assertThat(raw("GET /api/performances/one HTTP/1.1", "X-Bell: a\u0007b"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void options_says_what_may_be_done_and_a_preflight_what_a_browser_may() throws Exception {
        for (String path : PATHS) {
            HttpResponse<String> options = send("OPTIONS", path, "", BodyPublishers.noBody());
            assertThat(options.statusCode()).as(path).isEqualTo(200);
            assertThat(options.headers().firstValue("Allow")).as(path).isPresent();
        }
        String allowed = raw(
                "OPTIONS /api/things HTTP/1.1",
                "Origin: https://shop.example",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization,idempotency-key,content-type");
        assertThat(allowed)
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("access-control-allow-origin: https://shop.example");
        assertThat(raw(
                        "OPTIONS /api/things HTTP/1.1",
                        "Origin: https://evil.example",
                        "Access-Control-Request-Method: POST"))
                .startsWith("HTTP/1.1 403");
        String read = raw("GET /api/performances/one HTTP/1.1", "Origin: https://other.example");
        assertThat(read)
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase(
                        "access-control-expose-headers: Onsale-Position, Onsale-Time, RateLimit, RateLimit-Policy,"
                                + " Retry-After, Location, ETag, Idempotency-Replayed");
        assertThat(raw("GET /api/nothing HTTP/1.1", "Origin: https://shop.example"))
                .startsWith("HTTP/1.1 404")
                .containsIgnoringCase("access-control-allow-origin");
    }

    @Test
    void a_content_type_that_is_none_is_415() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.request(
                    "POST /api/things HTTP/1.1",
                    "Authorization: Bearer alice",
                    "Content-Type: nonsense",
                    "Content-Length: 2");
            assertThat(client.send("{}").head()).startsWith("HTTP/1.1 415");
        }
    }

    @Test
    void an_icon_is_no_error() throws Exception {
        assertThat(send("GET", "/favicon.ico", "", BodyPublishers.noBody()).statusCode())
                .isEqualTo(204);
    }

    private String raw(String... lines) throws IOException {
        try (RawClient client = new RawClient(port)) {
            return client.request(lines).head();
        }
    }

    private HttpResponse<String> post(String path, String token, String body) throws Exception {
        return post(path, token, BodyPublishers.ofString(body));
    }

    private HttpResponse<String> post(String path, String token, HttpRequest.BodyPublisher body) throws Exception {
        return send("POST", path, token, body);
    }

    private HttpResponse<String> send(String method, String path, String token, HttpRequest.BodyPublisher body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .method(method, body);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Without a Content-Length. */
    private static HttpRequest.BodyPublisher chunked(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(bytes));
    }

    private static void problem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as("%s %s", answer.uri(), answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(JsonMapper.shared().readTree(answer.body()).path("code").asString())
                .isEqualTo(code);
    }
}
