package dev.onsale.paymentsimulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.RepeatedTest;

/** A connection that was used once must stay usable, however the requests on it arrived. */
class KeepAliveTest extends SimulatorTest {
    private static final int LIMIT_MILLIS = 10_000;
    private static final String READ = "GET /health HTTP/1.1\r\nHost: test\r\n\r\n";

    @RepeatedTest(5)
    void a_connection_goes_on_reading_after_requests_that_did_not_wait_for_their_answers() throws IOException {
        var base = started(NO_LAG).baseUri();
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(LIMIT_MILLIS);

            send(socket, charge(1) + READ + charge(2) + READ);
            assertThat(answers(socket, 4)).isEqualTo(4);

            send(socket, READ);
            assertThat(answers(socket, 1)).isEqualTo(1);
        }
    }

    @RepeatedTest(5)
    void a_connection_goes_on_reading_when_reads_follow_promptly_on_charges() throws IOException {
        var base = started(NO_LAG).baseUri();
        for (int connection = 0; connection < 200; connection++) {
            try (var socket = new Socket(base.getHost(), base.getPort())) {
                socket.setSoTimeout(LIMIT_MILLIS);
                socket.setTcpNoDelay(true);
                for (var request : new String[] {charge(connection), READ, READ}) {
                    send(socket, request);
                    assertThat(answers(socket, 1)).isEqualTo(1);
                }
            }
        }
    }

    private static String charge(int number) {
        var body = GatewayClient.charge(100);
        return "POST /v1/authorizations HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nIdempotency-Key: key-"
                + number + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void send(Socket socket, String requests) throws IOException {
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads whole answers; a connection that is no longer read ends in a SocketTimeoutException. */
    private static int answers(Socket socket, int expected) throws IOException {
        int count = 0;
        while (count < expected) {
            int length = 0;
            for (var line = line(socket); !line.isEmpty(); line = line(socket)) {
                if (line.startsWith("content-length: ")) {
                    length = Integer.parseInt(line.substring("content-length: ".length()));
                }
            }
            assertThat(socket.getInputStream().readNBytes(length)).hasSize(length);
            count++;
        }
        return count;
    }

    private static String line(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next != '\n';
                next = socket.getInputStream().read()) {
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
