package dev.onsale.rehearsal.input;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Data that is not an HTTP request is refused without a log line, because any client could fill the log. */
@SharedOnsale
class MalformedRequestTest {

    private static final int PATIENCE_MILLIS = 15_000;

    private final Onsale onsale;

    MalformedRequestTest(Onsale onsale) {
        this.onsale = onsale;
    }

    static List<String> whatIsNoHttp() {
        return List.of(
                "\u0016\u0003\u0001\u0000\u00a5\u0001\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /api/sales HTTP/3.0.0\r\nHost: x\r\n\r\n",
                "GET /api/sales HTTP/1.1\r\nHost: x\r\n: no name\r\n\r\n",
                // The second request on the connection is malformed.
                "GET /api/performances HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n",
                "POST /api/waiting-rooms/x/entries HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
    }

    @ParameterizedTest
    @MethodSource("whatIsNoHttp")
    void it_is_refused_and_leaves_no_line(String request) throws Exception {
        Logger netty = (Logger) LoggerFactory.getLogger("reactor.netty");
        Logger web = (Logger) LoggerFactory.getLogger("org.springframework.web");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        netty.addAppender(lines);
        web.addAppender(lines);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), onsale.port())) {
            client.setSoTimeout(PATIENCE_MILLIS);
            client.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            client.getOutputStream().flush();
            client.shutdownOutput();
            String answers = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answers.lines().filter(line -> line.startsWith("HTTP/1.1 5")))
                    .isEmpty();
        } finally {
            netty.detachAppender(lines);
            web.detachAppender(lines);
        }
        assertThat(lines.list.stream().filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN)))
                .isEmpty();
    }
}
