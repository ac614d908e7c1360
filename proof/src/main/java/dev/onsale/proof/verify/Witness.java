package dev.onsale.proof.verify;

import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.ExportLine;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fetches the newest seal and keeps it in a file of its own, if the log up to it continues the log up to the last one in
 * the file. Not thread-safe.
 */
final class Witness {

    /** For the head of an answer, and again for its body. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int ANSWER_BYTES_MAX = 1 << 20;
    private static final JsonMapper JSON = EventJson.strictMapper()
            .rebuild()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final String url;
    private final Path file;
    private final @Nullable Keys keys;
    private final Clock clock;

    /** @param keys trusted keys; absent: signatures are not checked */
    Witness(String url, Path file, @Nullable Keys keys, Clock clock) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.file = file;
        this.keys = keys;
        this.clock = clock;
    }

    /** The log is not a continuation of what the witness saw. */
    static final class RewrittenException extends Exception {
        RewrittenException(String message) {
            super(message);
        }
    }

    private record Head(ExportLine.@Nullable Sealed seal) {}

    private record Consistency(
            ExportLine.Sealed first, ExportLine.Sealed second, List<String> inclusion, List<String> consistency) {}

    /**
     * Fetches the newest seal once. Returns what was found, in one line.
     *
     * @throws IOException if the server or the file cannot be read: no sign of rewriting
     */
    String look() throws IOException, InterruptedException, DamagedFileException, RewrittenException {
        ExportLine.Sealed head = get("/api/seals/head", Head.class).seal();
        List<WitnessedHead> known = Files.exists(file) ? WitnessedHead.read(file) : List.of();
        ExportLine.Sealed last = known.isEmpty() ? null : known.getLast().head();
        if (head == null) {
            if (last != null) {
                throw new RewrittenException("There is no seal any more; the last one was " + last.number());
            }
            return "nothing is sealed yet";
        }
        requireValid(head);
        if (last != null) {
            requireContinues(last, head);
        }
        if (last == null || last.number() < head.number()) {
            Files.writeString(
                    file,
                    new WitnessedHead(clock.instant().toString(), url, head).text() + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        return "seal " + head.number() + ":" + head.seal()
                + (last == null ? " is the first" : " continues seal " + last.number());
    }

    private void requireValid(ExportLine.Sealed head) throws RewrittenException {
        Hash digest = digest(head);
        if (!digest.equals(Hash.parse(head.seal()))) {
            throw new RewrittenException("Seal " + head.number() + " is not the digest of its own values");
        }
        if (keys != null && (head.keyId() == null || !keys.verifies(digest, head.keyId(), head.signature()))) {
            throw new RewrittenException("Seal " + head.number() + " is not signed with a trusted key");
        }
    }

    private void requireContinues(ExportLine.Sealed last, ExportLine.Sealed head)
            throws IOException, InterruptedException, RewrittenException {
        if (head.number() < last.number()) {
            throw new RewrittenException(
                    "The newest seal is " + head.number() + ", and seal " + last.number() + " was seen");
        }
        if (head.number() == last.number()) {
            if (!digest(head).equals(digest(last))) {
                throw new RewrittenException(
                        "Seal " + last.number() + " was " + last.seal() + " and is " + head.seal());
            }
            return;
        }
        Consistency proof = consistency(last, head);
        if (!digest(proof.second()).equals(digest(head)) || !isContinued(last, head, proof)) {
            throw new RewrittenException("Seal " + head.number() + " does not continue seal " + last.number() + " ("
                    + last.seal() + "), which was seen before");
        }
    }

    private static boolean isContinued(ExportLine.Sealed last, ExportLine.Sealed head, Consistency proof) {
        try {
            Hash root = Hash.of(head.tree());
            Hash reached = Merkle.rootOfInclusion(
                    digest(last), last.number() - 1, head.number() - 1, Hash.of(proof.inclusion()));
            return reached.equals(root)
                    && (last.tree() == null
                            || Merkle.isConsistent(
                                    last.number() - 1,
                                    head.number() - 1,
                                    Hash.of(last.tree()),
                                    root,
                                    Hash.of(proof.consistency())));
        } catch (IllegalArgumentException notOne) {
            return false;
        }
    }

    private static Hash digest(ExportLine.Sealed seal) {
        try {
            return Hash.seal(seal);
        } catch (IllegalArgumentException notOne) {
            return Hash.ZERO;
        }
    }

    private Consistency consistency(ExportLine.Sealed last, ExportLine.Sealed head)
            throws IOException, InterruptedException, RewrittenException {
        try {
            return get("/api/seals/consistency?first=" + last.number() + "&second=" + head.number(), Consistency.class);
        } catch (DeniedException denied) {
            throw new RewrittenException(
                    "The server shows seal " + head.number() + " and has no proof that it continues" + " seal "
                            + last.number() + ", which was seen before: " + denied.getMessage());
        }
    }

    /** The server answered that there is no such thing. */
    private static final class DeniedException extends IOException {
        DeniedException(String message) {
            super(message);
        }
    }

    private <T> T get(String path, Class<T> type) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(
                HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        byte[] body = read(response.body());
        int status = response.statusCode();
        if (status != 200) {
            String what = url + path + " answered " + status;
            throw status == 400 || status == 404 ? new DeniedException(what) : new IOException(what);
        }
        try {
            return JSON.readValue(body, type);
        } catch (JacksonException wrong) {
            throw new IOException(url + path + " did not answer with a seal: " + wrong.getOriginalMessage());
        }
    }

    /** A server must not stop a witness by an answer without an end. */
    private static byte[] read(InputStream body) throws IOException {
        CompletableFuture<@Nullable Void> end = new CompletableFuture<@Nullable Void>()
                .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        var unused = end.thenRun(() -> close(body));
        try (body) {
            byte[] read = body.readNBytes(ANSWER_BYTES_MAX + 1);
            if (read.length > ANSWER_BYTES_MAX) {
                throw new IOException("The answer has more than " + ANSWER_BYTES_MAX + " bytes");
            }
            return read;
        } finally {
            end.cancel(false);
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException closed) {
            // Whoever reads gets the failure.
        }
    }
}
