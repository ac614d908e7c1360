package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.onsale.proof.invariant.HandMadeLog;
import dev.onsale.proof.invariant.LogEvent;
import dev.onsale.proof.sealing.SealedLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A witness looks at a server over HTTP; the server may show it another log. */
@Tag("services")
class WitnessTest {

    private static final String SALE = HandMadeLog.CAMPAIGN.toString();
    private static final List<LogEvent> FACTS = HandMadeLog.aCampaignOf(10)
            .issue("anna", 1)
            .issue("ben", 2)
            .issue("carl", 3)
            .events();

    private final Path folder;
    private final Instant began = Instant.now().minus(Duration.ofMinutes(10));
    private final SealedLog log;
    private volatile SealedLog shown;
    private volatile int proofStatus = 200;
    private volatile UnaryOperator<String> changed = UnaryOperator.identity();
    private final HttpServer server;
    private final Path keys;

    WitnessTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.log = aLog("anna");
        this.shown = log;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        this.keys = Files.writeString(folder.resolve("keys.json"), "{\"keys\":[" + String.join(",", log.keys()) + "]}");
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().toString();
            if (path.contains("consistency") && proofStatus != 200) {
                exchange.sendResponseHeaders(proofStatus, -1);
                exchange.close();
                return;
            }
            byte[] answer = changed.apply(shown.answer(path)).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** All logs of a test are signed with the same key: the operator's. */
    private SealedLog aLog(String buyer) throws IOException {
        // The head file is that of one sealer; an operator who cheats keeps two.
        Files.deleteIfExists(folder.resolve("key.json.head"));
        SealedLog other = new SealedLog(folder.resolve("key.json"), began);
        other.append(HandMadeLog.aCampaignOf(10).issue(buyer, 1).events());
        other.seal();
        return other;
    }

    private void goOn(SealedLog which, int event) throws IOException {
        which.passTime(Duration.ofMinutes(1));
        which.append(FACTS.subList(event, event + 1));
        which.seal();
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Witness witness(String file) throws Exception {
        return new Witness(url(), folder.resolve(file), Keys.inFile(keys), Clock.fixed(shown.now(), ZoneOffset.UTC));
    }

    private ProofResult check(SealedLog which, String... files) throws Exception {
        List<List<WitnessedHead>> heads = new java.util.ArrayList<>();
        List<Long> anchors = new java.util.ArrayList<>();
        for (String file : files) {
            heads.add(WitnessedHead.read(folder.resolve(file)));
            anchors.add(heads.getLast().getLast().head().number());
        }
        Path export = Files.write(folder.resolve("sale.jsonl"), which.export(SALE, anchors.toArray(Long[]::new)));
        return ExportCheck.of(export, new Trust(Keys.inFile(keys), List.of(), heads, false, Trust.SEALED_WITHIN));
    }

    @Test
    void a_log_that_only_grows_is_continued_and_the_heads_anchor_the_export() throws Exception {
        Witness witness = witness("a.jsonl");
        assertThat(witness.look()).contains("is the first");
        assertThat(witness.look()).contains("seal 1:");
        goOn(log, 2);
        goOn(log, 3);
        assertThat(witness.look()).contains("seal 3:").contains("continues seal 1");
        assertThat(WitnessedHead.read(folder.resolve("a.jsonl"))).hasSize(2);

        ProofResult result = check(log, "a.jsonl");
        assertThat(result.tampering().first()).isEmpty();
        assertThat(result.trust().level()).isEqualTo(Level.ANCHORED);
        assertThat(result.anchors().eventsAnchored()).isEqualTo(4);
        assertThat(WitnessMain.run(
                        List.of(url(), "--file", folder.resolve("a.jsonl").toString(), "--key", keys.toString())))
                .isZero();
    }

    @Test
    void a_rewritten_log_is_noticed_at_once_also_if_it_has_grown_since() throws Exception {
        Witness witness = witness("a.jsonl");
        witness.look();
        SealedLog forged = aLog("mallory");
        shown = forged;
        assertThatThrownBy(witness::look).hasMessageContaining("Seal 1 was");
        goOn(forged, 2);
        assertThatThrownBy(witness::look).hasMessageContaining("does not continue seal 1");
        assertThat(WitnessMain.run(List.of(
                        url(),
                        "--every",
                        "PT1S",
                        "--file",
                        folder.resolve("a.jsonl").toString())))
                .isEqualTo(1);
        assertThat(WitnessedHead.read(folder.resolve("a.jsonl")))
                .as("the forged head is not kept")
                .hasSize(1);
    }

    @Test
    void an_old_head_is_noticed_and_a_server_that_is_away_is_no_rewriting() throws Exception {
        SealedLog old = aLog("anna");
        goOn(log, 2);
        Witness witness = witness("a.jsonl");
        witness.look();
        shown = old;
        assertThatThrownBy(witness::look).hasMessageContaining("The newest seal is 1, and seal 2 was seen");
        server.stop(0);
        assertThat(WitnessMain.run(
                        List.of(url(), "--file", folder.resolve("a.jsonl").toString())))
                .isEqualTo(2);
    }

    @Test
    void two_witnesses_who_are_shown_two_logs_cannot_both_be_satisfied() throws Exception {
        SealedLog other = aLog("mallory");
        witness("a.jsonl").look();
        shown = other;
        witness("b.jsonl").look();
        goOn(log, 2);
        goOn(other, 2);
        assertThat(check(log, "a.jsonl").tampering().first()).isEmpty();
        assertThat(check(other, "b.jsonl").tampering().first()).isEmpty();
        assertThat(check(log, "a.jsonl", "b.jsonl").tampering().first())
                .anyMatch(what -> what.contains("not the one that a witness saw"));
        assertThat(check(other, "a.jsonl", "b.jsonl").tampering().first())
                .anyMatch(what -> what.contains("not the one that a witness saw"));
    }

    @Test
    void a_head_without_a_trusted_signature_is_refused() throws Exception {
        log.jdbc().update("UPDATE seal SET key_id = NULL, signature = NULL");
        assertThatThrownBy(() -> witness("a.jsonl").look()).hasMessageContaining("is not signed with a trusted key");
    }

    @Test
    void a_server_that_shows_a_newer_seal_and_denies_the_proof_has_rewritten_the_log() throws Exception {
        witness("a.jsonl").look();
        goOn(log, 2);
        proofStatus = 503;
        assertThatThrownBy(() -> witness("a.jsonl").look())
                .as("an outage is no rewriting")
                .isInstanceOf(IOException.class);
        proofStatus = 404;
        assertThatThrownBy(() -> witness("a.jsonl").look())
                .isInstanceOf(Witness.RewrittenException.class)
                .hasMessageContaining("has no proof that it continues seal 1");
    }

    @Test
    void a_proof_for_other_seals_is_not_taken() throws Exception {
        witness("a.jsonl").look();
        goOn(log, 2);
        goOn(log, 3);
        String other = log.answer("/api/seals/consistency?first=2&second=3");
        changed = answer -> answer.contains("consistency") ? other : answer;
        assertThatThrownBy(() -> witness("a.jsonl").look()).hasMessageContaining("does not continue seal 1");
    }

    @Test
    void an_answer_that_says_two_things_or_too_much_is_not_read() {
        changed = answer -> answer.replaceFirst("\"number\":1,", "\"number\":2,\"number\":1,");
        assertThatThrownBy(() -> witness("a.jsonl").look()).isInstanceOf(IOException.class);
        changed = answer -> " ".repeat(2 << 20) + answer;
        assertThatThrownBy(() -> witness("a.jsonl").look())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than");
    }

    @Test
    void a_line_of_the_file_with_another_spelling_is_damaged() throws Exception {
        witness("a.jsonl").look();
        Path file = folder.resolve("a.jsonl");
        Files.writeString(
                file,
                Files.readString(file).replaceFirst("\"seenAt\"", "\"seenAt\":\"2020-01-01T00:00:00Z\",\"seenAt\""));
        assertThatThrownBy(() -> WitnessedHead.read(file)).isInstanceOf(DamagedFileException.class);
    }
}
