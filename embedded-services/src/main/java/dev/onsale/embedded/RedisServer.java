package dev.onsale.embedded;

import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.Consumer;

/** Runs the {@code redis-server} of the embedded-redis artifact. */
final class RedisServer extends Server {

    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String PONG = "+PONG";

    RedisServer(int port, DataDirectory data, ProcessLedger ledger, Consumer<String> progress) {
        super(Service.REDIS, port, data, ledger, progress);
    }

    @Override
    void prepare(Duration limit) throws IOException {
        new Binaries(data).redisServer();
        Files.createDirectories(data.of(Service.REDIS));
    }

    @Override
    ProcessBuilder command(int onPort) throws IOException {
        return new ProcessBuilder(
                        new Binaries(data).redisServer().toString(),
                        "--bind",
                        EmbeddedAddresses.HOST,
                        "--port",
                        Integer.toString(onPort),
                        "--dir",
                        data.of(Service.REDIS).toString(),
                        "--logfile",
                        data.log("redis").toString(),
                        "--daemonize",
                        "no",
                        // Only the append-only file: snapshots would store the same data again.
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "everysec",
                        "--maxmemory-policy",
                        "noeviction")
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    /** Sends a command: Redis responds with an error while it loads its data. */
    @Override
    boolean answers(Process running, int onPort) {
        try (Socket socket = connect(onPort)) {
            socket.getOutputStream().write(PING);
            byte[] answer = socket.getInputStream().readNBytes(PONG.length());
            return PONG.equals(new String(answer, StandardCharsets.US_ASCII));
        } catch (IOException notYet) {
            return false;
        }
    }
}
