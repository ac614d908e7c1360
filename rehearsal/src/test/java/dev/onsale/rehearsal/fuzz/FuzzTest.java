package dev.onsale.rehearsal.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.fuzz.Fuzzer.Made;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Sends malformed requests on persistent connections to every endpoint of the running server's OpenAPI document. No
 * response may be a 500, every response must end, and no connection or memory may leak.
 * {@code -Donsale.fuzz.requests=10000} and {@code -Donsale.fuzz.seed} change the number of requests and the seed.
 */
@SharedOnsale
@Order(Integer.MAX_VALUE)
@ResourceLock("heap")
class FuzzTest {

    private static final int REQUESTS = Integer.getInteger("onsale.fuzz.requests", 400);
    private static final long SEED = Long.getLong("onsale.fuzz.seed", 13);
    private static final int ANSWER_MILLIS_MAX = 20_000;
    private static final long HEAP_GROWTH_MAX = 96L << 20;
    private static final String STREAMING = "stream";

    private final Onsale onsale;
    private @Nullable KeptConnection kept;
    private int heads;
    private int reusedConnections;

    FuzzTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @Test
    void no_request_breaks_anything() throws Exception {
        List<Operation> operations = Operation.of(
                onsale.get("/v3/api-docs").as(onsale.operator()).send().require(200));
        assertThat(operations).hasSizeGreaterThan(50);
        Fuzzer fuzzer = new Fuzzer(SEED, operations, ids(), tokens());
        play(fuzzer, Math.min(REQUESTS, 200), new TreeMap<>(), new ArrayList<>());
        long heapBefore = heap();

        Map<String, Integer> statuses = new TreeMap<>();
        List<String> faults = new ArrayList<>();
        long begun = System.nanoTime();
        heads = 0;
        reusedConnections = 0;
        play(fuzzer, REQUESTS, statuses, faults);
        long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
        closeKept();

        await("the end of every connection").atMost(Duration.ofSeconds(60)).until(() -> connections() == 0);
        long heapAfter = heap();
        System.out.printf(
                "FUZZ {\"requests\":%d,\"seed\":%d,\"statuses\":\"%s\",\"heads\":%d,\"onReusedConnections\":%d,"
                        + "\"heapBefore\":%d,\"heapAfter\":%d,\"connectionsAfter\":%d,\"seconds\":%d}%n",
                REQUESTS, SEED, statuses, heads, reusedConnections, heapBefore, heapAfter, connections(), seconds);
        assertThat(faults).as("seed %d", SEED).isEmpty();
        assertThat(heads).as("HEAD").isGreaterThan(REQUESTS / 20);
        assertThat(reusedConnections).as("requests that followed another").isGreaterThan(REQUESTS / 2);
        assertThat(heapAfter - heapBefore).as("growth of the heap").isLessThan(HEAP_GROWTH_MAX);
        onsale.get("/api/performances").send().require(200);
    }

    private void play(Fuzzer fuzzer, int requests, Map<String, Integer> statuses, List<String> faults) {
        for (int i = 0; i < requests; i++) {
            Made made = fuzzer.next();
            String answer = answer(made);
            String status = answer.length() > 12 && answer.startsWith("HTTP/1.1 ") ? answer.substring(9, 12) : "none";
            statuses.merge(status, 1, Integer::sum);
            boolean unexpected = status.startsWith("5") && !(status.equals("503") && answer.contains("\"code\":"));
            if (unexpected || answer.startsWith("stuck")) {
                faults.add(i + " " + made.line() + " -> "
                        + answer.lines().findFirst().orElse("") + " " + answer.length());
            }
        }
    }

    /** Sends the request on the current connection if it is open, else on a new one. */
    private String answerOfKept(Made made) {
        try {
            boolean reused = kept != null && kept.isOpen();
            if (kept == null || !reused) {
                closeKept();
                kept = new KeptConnection(onsale.port(), ANSWER_MILLIS_MAX);
            }
            String answer = kept.exchange(made);
            heads += made.line().startsWith("HEAD ") ? 1 : 0;
            reusedConnections += reused ? 1 : 0;
            return answer;
        } catch (SocketTimeoutException e) {
            return "stuck after " + (kept == null ? 0 : kept.answers()) + " answers on its connection";
        } catch (IOException reset) {
            return "reset";
        }
    }

    private void closeKept() throws IOException {
        if (kept != null) {
            kept.close();
            kept = null;
        }
    }

    private String answer(Made made) {
        return made.complete() && !made.stream() ? answerOfKept(made) : answerAlone(made);
    }

    /** Sends a request that is incomplete or whose response may not end, on its own connection. */
    private String answerAlone(Made made) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), onsale.port())) {
            socket.setSoTimeout(ANSWER_MILLIS_MAX);
            socket.getOutputStream().write(made.bytes().array());
            if (!made.complete()) {
                socket.setSoLinger(true, 0);
                return "HTTP/1.1 --- hung up";
            }
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1) + STREAMING;
        } catch (SocketTimeoutException e) {
            return "stuck";
        } catch (IOException reset) {
            return "reset";
        }
    }

    private List<String> ids() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person buyer = onsale.person("fuzz-0");
        return List.of(
                performance,
                Sales.launched(onsale, Sales.campaign(100)),
                buyer.hasHeld(performance, "P-1-1"),
                "00000000-0000-7000-8000-000000000009",
                "seat-map",
                "onsale.seat-held",
                "fuzz-0",
                "P-1-2");
    }

    private List<String> tokens() throws Exception {
        List<String> tokens = new ArrayList<>(
                onsale.people(IntStream.range(0, 100).mapToObj(i -> "fuzz-" + i).toList()).stream()
                        .map(Person::token)
                        .toList());
        for (int i = 0; i < 60; i++) {
            tokens.add(onsale.operator());
        }
        return tokens;
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Connections to the server's port that are established or not yet closed by the server. */
    private long connections() throws IOException {
        String port = ":%04X".formatted(onsale.port());
        long open = 0;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            open += Files.readAllLines(Path.of(table)).stream()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(columns ->
                            columns[1].endsWith(port) && (columns[3].equals("01") || columns[3].equals("08")))
                    .count();
        }
        return open;
    }
}
