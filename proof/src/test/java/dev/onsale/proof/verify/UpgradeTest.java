package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.proof.invariant.HandMadeLog;
import dev.onsale.proof.invariant.LogEvent;
import dev.onsale.proof.sealing.SealedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DuplicateKeyException;

/** A log that the version before the tree over the seals sealed. */
@Tag("services")
class UpgradeTest {

    private static final String SALE = HandMadeLog.CAMPAIGN.toString();
    private static final List<LogEvent> FACTS = HandMadeLog.aCampaignOf(10)
            .issue("anna", 1)
            .issue("ben", 2)
            .issue("carl", 3)
            .events();

    private final Path folder;
    private final SealedLog log;

    UpgradeTest(@TempDir Path folder) {
        this.folder = folder;
        this.log = new SealedLog(folder.resolve("key.json"), Instant.now().minus(Duration.ofMinutes(10)));
        log.append(FACTS.subList(0, 2));
        log.sealAsVersion1();
        log.passTime(Duration.ofMinutes(1));
        log.append(FACTS.subList(2, 3));
        log.sealAsVersion1();
    }

    @Test
    void the_old_seals_are_taken_over_and_anchors_to_them_prove_the_sale_as_it_was() throws Exception {
        Anchor first = Anchor.of(log.anchor().replaceFirst("2:.*", "1:" + seal(1)));
        Anchor second = Anchor.of(log.anchor());
        assertThat(log.seal()).as("also when nothing happens any more").hasValueSatisfying(seal -> {
            assertThat(seal.number()).isEqualTo(3);
            assertThat(seal.tree()).isNotNull();
        });
        log.append(FACTS.subList(3, 4));
        assertThat(log.seal()).isPresent();

        for (Anchor anchor : List.of(first, second)) {
            ProofResult result = check(log.export(SALE, anchor.number()), anchor);
            assertThat(result.tampering().first()).isEmpty();
            assertThat(result.anchors().proven()).isEqualTo(1);
            assertThat(result.anchors().eventsAnchored()).isEqualTo(anchor.number() + 1);
        }
    }

    @Test
    void a_first_seal_that_is_rolled_back_leaves_nothing_out_of_the_tree_of_the_next_one() {
        log.jdbc().update("INSERT INTO sale_tree_node (node, seal, digest) VALUES (1, 2, REPEAT('0', 32))");
        assertThatThrownBy(log::seal).isInstanceOf(DuplicateKeyException.class);
        log.jdbc().update("DELETE FROM sale_tree_node");

        assertThat(log.seal()).isPresent();
        log.restart();
        log.append(FACTS.subList(3, 4));
        assertThat(log.seal())
                .hasValueSatisfying(seal -> assertThat(seal.number()).isEqualTo(4));
    }

    /** The sealer would count as silent after minutes, and there may be millions of old seals. */
    @Test
    void taking_the_old_seals_over_is_progress() {
        SupervisedWork work = SupervisedWork.onDemand("sealer", Duration.ofMinutes(5));
        work.begin();
        try {
            await().atMost(Duration.ofMinutes(1)).until(() -> work.silence().toMillis() > 1_000);
            long before = System.nanoTime();
            log.seal();
            Duration silence = work.silence();
            assertThat(silence).isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - before));
        } finally {
            work.end();
        }
    }

    @Test
    void an_old_seal_whose_signature_or_values_were_changed_is_not_taken_over() {
        log.jdbc().update("UPDATE seal SET sealed_at = '2020-01-01T00:00:00Z' WHERE number = 1");
        assertThatThrownBy(log::seal).hasMessageContaining("Seal 1 is not the digest of its own values");
    }

    @Test
    void an_old_event_that_was_changed_with_its_chain_is_not_taken_over() {
        log.jdbc().update("UPDATE domain_event SET payload = REPLACE(payload, 'anna', 'mallory')");
        log.relink(SALE);
        assertThatThrownBy(log::seal)
                .hasMessageContaining("do not lead to the root in seal 2")
                .hasMessageContaining("Sale " + SALE + " was changed at position 1 to 2 (seal 1)");
    }

    @Test
    void a_file_of_the_old_format_passes_signed_and_never_anchored() throws Exception {
        List<String> old = log.exportVersion1(SALE);
        assertThat(check(old, null).tampering().first()).isEmpty();
        assertThat(check(old, Anchor.of(log.anchor())).tampering().first())
                .singleElement()
                .asString()
                .contains("does not prove the state of the sale at anchor 2");
    }

    private String seal(long number) {
        return Objects.requireNonNull(
                log.jdbc().queryForObject("SELECT LOWER(HEX(seal)) FROM seal WHERE number = ?", String.class, number));
    }

    private ProofResult check(List<String> lines, @org.jspecify.annotations.Nullable Anchor anchor) throws Exception {
        Path file = Files.write(folder.resolve("sale.jsonl"), lines);
        Path keys = Files.writeString(folder.resolve("keys.json"), "{\"keys\":[" + String.join(",", log.keys()) + "]}");
        return ExportCheck.of(file, Keys.inFile(keys), anchor);
    }
}
