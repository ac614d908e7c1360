package dev.onsale.rehearsal.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * A persistent connection stays usable after any sequence of requests. Uses plain sockets, because an HTTP client would
 * replace a broken connection.
 */
@SharedOnsale
class KeepAliveTest {

    private static final int LIMIT_MILLIS = 30_000;
    private static final int CONNECTIONS = 150;

    private final Onsale onsale;

    KeepAliveTest(Onsale onsale) {
        this.onsale = onsale;
    }

    /**
     * The responses come from virtual threads, a writer's thread, Redis' event loop and the connection's own event
     * loop.
     */
    @Test
    void a_connection_goes_on_reading_when_requests_follow_promptly_on_answers_of_other_threads() throws Exception {
        Requests requests = requests();
        for (int number = 0; number < CONNECTIONS; number++) {
            try (Socket socket = connected()) {
                for (String request : requests.oneOfEach()) {
                    send(socket, request);
                    assertThat(answers(socket, 1)).hasSize(1);
                }
            }
        }
    }

    @Test
    void a_connection_goes_on_reading_after_requests_that_did_not_wait_for_their_answers() throws Exception {
        Requests requests = requests();
        for (int number = 0; number < CONNECTIONS; number++) {
            try (Socket socket = connected()) {
                List<String> all = requests.oneOfEach();
                send(socket, String.join("", all));
                assertThat(answers(socket, all.size())).doesNotContain(500, 503);

                send(socket, all.getFirst());
                assertThat(answers(socket, 1)).containsExactly(200);
            }
        }
    }

    private record Requests(String performance, String campaign, String token) {

        List<String> oneOfEach() {
            return List.of(
                    get("/api/performances/" + performance),
                    post("/api/campaigns/" + campaign + "/coupons", ""),
                    get("/api/performances/" + performance + "/seat-map"),
                    post("/api/performances/" + performance + "/reservations", "{\"seats\":[\"P-9-9\"]}"),
                    get("/api/me/reservations"),
                    post("/api/performances/" + performance + "/reservations", "{\"seats\":[\"P-1-1\"]}"),
                    get("/api/performances?limit=1"),
                    get("/nowhere"),
                    get("/api/campaigns/" + campaign));
        }

        private String get(String path) {
            return "GET " + path + " HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + token + "\r\n\r\n";
        }

        private String post(String path, String body) {
            return "POST " + path + " HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + token
                    + "\r\nContent-Type: application/json\r\nIdempotency-Key: " + UUID.randomUUID()
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        }
    }

    private Requests requests() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        String campaign = Sales.launched(onsale, Sales.campaign(10_000));
        onsale.person("warms-up-" + UUID.randomUUID())
                .asksForCoupon(campaign, "key")
                .require(201);
        Person person = onsale.person("keeps-alive-" + UUID.randomUUID());
        return new Requests(performance, campaign, person.token());
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), onsale.port());
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void send(Socket socket, String requests) throws IOException {
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The statuses of complete responses. A SocketTimeoutException means that the server no longer reads the
     * connection.
     */
    private static List<Integer> answers(Socket socket, int expected) throws IOException {
        InputStream in = socket.getInputStream();
        List<Integer> statuses = new ArrayList<>();
        while (statuses.size() < expected) {
            String status = line(in);
            int length = 0;
            boolean chunked = false;
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                String header = line.toLowerCase(Locale.ROOT);
                if (header.startsWith("content-length:")) {
                    length = Integer.parseInt(
                            header.substring("content-length:".length()).strip());
                }
                chunked |= header.equals("transfer-encoding: chunked");
            }
            assertThat(chunked).as("answers of a known length").isFalse();
            assertThat(in.readNBytes(length)).hasSize(length);
            statuses.add(Integer.parseInt(status.split(" ", -1)[1]));
        }
        return statuses;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
