package dev.onsale.embedded;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The directory with all data, logs and binaries of the embedded services. */
record DataDirectory(Path root) {

    static final String PROPERTY = "onsale.data-directory";
    private static final long LOG_BYTES_MAX = 4L << 20;
    private static final int TAIL_BYTES = 4_096;
    private static final int TAIL_LINES = 3;

    /** Creates missing directories and checks that they are writable. */
    static DataDirectory prepare(Path root) {
        var data = new DataDirectory(root.toAbsolutePath().normalize());
        try {
            for (Path folder : List.of(data.root, data.binaries(), data.temporary(), data.logs())) {
                Files.createDirectories(folder);
            }
            Files.delete(Files.createTempFile(data.temporary(), "writable", ""));
            Files.writeString(data.log("embedded"), "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return data;
        } catch (IOException e) {
            throw new EmbeddedServicesException(
                    "The data folder %s cannot be written (%s): change its permissions, or choose another folder with %s."
                            .formatted(data.root, reason(e), PROPERTY),
                    e);
        }
    }

    Path of(Service service) {
        return root.resolve(service.folder());
    }

    Path binaries() {
        return root.resolve("bin");
    }

    /** Replaces the system's temporary directory. Files left after a crash are removed at the next start. */
    Path temporary() {
        return root.resolve("tmp");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path log(String name) {
        return logs().resolve(name + ".log");
    }

    Path lockFile() {
        return root.resolve("lock");
    }

    Path ledger() {
        return root.resolve("processes");
    }

    void emptyTemporary() throws IOException {
        deleteBelow(temporary());
    }

    void removeData() throws IOException {
        for (Service service : Service.values()) {
            delete(of(service));
        }
    }

    void rotateLogs() throws IOException {
        for (Service service : Service.values()) {
            Path log = log(service.folder());
            if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** The last lines written to a log after it had the given size, joined to one line. */
    static String tail(Path log, long fromByte) {
        try (var file = Files.newByteChannel(log)) {
            file.position(Math.max(fromByte, file.size() - TAIL_BYTES));
            var bytes = Channels.newInputStream(file).readNBytes(TAIL_BYTES);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException unreadable) {
            return "";
        }
    }

    static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException unreadable) {
            return 0;
        }
    }

    static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            deleteBelow(path);
            Files.deleteIfExists(path);
        }
    }

    private static void deleteBelow(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(path -> !path.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String said = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return said == null ? e.getClass().getSimpleName() : said;
    }
}
