package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.proof.invariant.HandMadeLog;
import dev.onsale.proof.invariant.LogEvent;
import dev.onsale.proof.sealing.SealedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever writes to the database gives one buyer's coupon to another and lets the sealer sign it. */
@Tag("services")
class RewrittenLogTest {

    private static final String SALE = HandMadeLog.CAMPAIGN.toString();

    private final Path folder;

    RewrittenLogTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void a_sealed_event_that_is_rewritten_with_its_chain_is_not_vouched_for_by_the_next_seal() throws Exception {
        SealedLog log = aSealedCampaign();
        Anchor anchor = Anchor.of(log.anchor());
        rewrite(log);
        log.append(more());

        assertThatThrownBy(log::seal)
                .hasMessageContaining("The stored head of sale " + SALE)
                .hasMessageContaining("Sale " + SALE + " was changed at position 1 to 3 (seal 1)");

        ProofResult result = check(log, anchor);
        assertThat(result.passed()).isFalse();
    }

    @Test
    void it_is_found_too_by_a_sealer_that_has_just_started() throws Exception {
        SealedLog log = aSealedCampaign();
        rewrite(log);
        log.restart();
        log.append(more());

        assertThatThrownBy(log::seal)
                .hasMessageContaining("do not lead to the root in seal 1")
                .hasMessageContaining("Sale " + SALE);
    }

    @Test
    void the_event_is_named_if_only_the_event_was_changed_and_another_sale_goes_on() throws Exception {
        SealedLog log = aSealedCampaign();
        log.jdbc().update("UPDATE sealed_sale SET head = REVERSE(head)");
        log.jdbc()
                .update("UPDATE domain_event SET payload = REPLACE(payload, 'anna', 'mallory')"
                        + " WHERE payload LIKE '%\"anna\"%'");
        log.append(more());

        assertThatThrownBy(log::seal).hasMessageContaining("Sale " + SALE + " was changed at position 2");
    }

    @Test
    void a_database_that_goes_back_to_an_older_head_is_noticed_at_once_and_after_a_restart() throws Exception {
        SealedLog log = aSealedCampaign();
        List<Map<String, Object>> heads = log.jdbc().queryForList("SELECT sale_no, events, head FROM sealed_sale");
        log.append(more());
        log.seal();
        log.jdbc().update("DELETE FROM seal WHERE number = 2");
        log.jdbc().update("DELETE FROM sealed_event WHERE number = 4");
        heads.forEach(sale -> log.jdbc()
                .update(
                        "UPDATE sealed_sale SET events = ?, head = ? WHERE sale_no = ?",
                        sale.get("events"),
                        sale.get("head"),
                        sale.get("sale_no")));

        assertThatThrownBy(log::seal).hasMessageContaining("the database went back");
        log.restart();
        assertThatThrownBy(log::seal).hasMessageContaining("the database went back");
    }

    @Test
    void a_seal_that_is_rewritten_or_has_a_wrong_signature_is_not_continued() throws Exception {
        SealedLog log = aSealedCampaign();
        log.jdbc().update("UPDATE seal SET sealed_at = '2020-01-01T00:00:00Z'");
        log.append(more());
        assertThatThrownBy(log::seal).hasMessageContaining("was rewritten");
        log.restart();
        assertThatThrownBy(log::seal).hasMessageContaining("is not the digest of its own values");

        SealedLog other = aSealedCampaign("other.json");
        other.jdbc().update("UPDATE seal SET signature = CONCAT('AAAA', SUBSTRING(signature, 5))");
        other.append(more());
        other.restart();
        assertThatThrownBy(other::seal).hasMessageContaining("The signature of seal 1 is invalid");
    }

    @Test
    void an_unsigned_seal_over_a_forged_sale_is_not_signed_over_by_a_running_sealer() throws Exception {
        SealedLog log = aSealedCampaign();
        rewrite(log);
        log.append(more());
        log.sealForged();

        assertThatThrownBy(log::seal).hasMessageContaining("Seal 2 is not signed");
        assertThat(log.seals()).isEqualTo(2);
    }

    @Test
    void an_unsigned_seal_over_a_forged_sale_is_not_signed_over_after_a_restart() throws Exception {
        SealedLog log = aSealedCampaign();
        rewrite(log);
        log.append(more());
        log.sealForged();
        log.restart();
        assertThatThrownBy(log::seal).hasMessageContaining("Seal 2 is not signed");

        Files.delete(folder.resolve("key.json.head"));
        log.restart();
        assertThatThrownBy(log::seal).as("without the head file").hasMessageContaining("Seal 2 is not signed");
    }

    @Test
    void an_unsigned_seal_between_signed_ones_is_not_continued() throws Exception {
        SealedLog log = aSealedCampaign();
        log.append(more());
        log.seal();
        log.jdbc().update("UPDATE seal SET key_id = NULL, signature = NULL WHERE number = 2");
        Files.writeString(folder.resolve("key.json.head"), log.anchor().replaceFirst("2:.*", "1:" + log.seal(1)));
        log.restart();
        assertThatThrownBy(log::seal).hasMessageContaining("Seal 2 is not signed");
    }

    @Test
    void a_log_whose_signatures_were_all_removed_is_not_continued() throws Exception {
        SealedLog log = aSealedCampaign();
        log.jdbc().update("UPDATE seal SET key_id = NULL, signature = NULL");
        log.append(more());
        log.restart();
        assertThatThrownBy(log::seal).hasMessageContaining("Seal 1 is not signed");

        Files.delete(folder.resolve("key.json.head"));
        log.restart();
        assertThatThrownBy(log::seal)
                .as("a key that signed is still in the table")
                .hasMessageContaining("Seal 1 is not signed");
    }

    @Test
    void a_log_that_was_sealed_without_a_key_gets_one() throws Exception {
        SealedLog log = new SealedLog(folder.resolve("later.json"), Instant.now());
        log.append(HandMadeLog.aCampaignOf(10).issue("anna", 1).issue("ben", 2).events());
        log.sealWithoutKey();
        log.append(more());

        assertThat(log.seal()).isPresent();
        assertThat(log.jdbc().queryForList("SELECT number FROM seal WHERE key_id IS NOT NULL", Long.class))
                .containsExactly(2L);
    }

    @Test
    void a_sale_that_is_dropped_from_the_tables_stops_the_sealer_when_it_goes_on() throws Exception {
        SealedLog log = aSealedCampaign();
        log.jdbc().update("DELETE FROM sealed_event");
        log.jdbc().update("DELETE FROM sealed_sale");
        log.append(more());

        assertThatThrownBy(log::seal).isInstanceOf(RuntimeException.class).hasMessageContaining("is not the one");
        log.restart();
        assertThatThrownBy(log::seal).hasMessageContaining("do not lead to the root");
    }

    @Test
    void sealing_goes_on_when_the_tables_are_again_what_was_signed() throws Exception {
        SealedLog log = aSealedCampaign();
        rewrite(log);
        log.append(more());
        assertThatThrownBy(log::seal).hasMessageContaining("was changed");
        log.jdbc()
                .update("UPDATE domain_event SET payload = REPLACE(payload, 'mallory', 'anna')"
                        + " WHERE payload LIKE '%\"mallory\"%'");
        log.relink(SALE);

        assertThat(log.seal()).isPresent();
        assertThat(check(log, Anchor.of(log.anchor())).tampering().first()).isEmpty();
    }

    private SealedLog aSealedCampaign() {
        return aSealedCampaign("key.json");
    }

    private SealedLog aSealedCampaign(String key) {
        SealedLog log = new SealedLog(folder.resolve(key), Instant.now());
        log.append(HandMadeLog.aCampaignOf(10).issue("anna", 1).issue("ben", 2).events());
        log.seal();
        return log;
    }

    private static List<LogEvent> more() {
        List<LogEvent> events = HandMadeLog.aCampaignOf(10)
                .issue("anna", 1)
                .issue("ben", 2)
                .issue("carl", 3)
                .events();
        return events.subList(3, 4);
    }

    private static void rewrite(SealedLog log) {
        int changed = log.jdbc()
                .update("UPDATE domain_event SET payload = REPLACE(payload, 'anna', 'mallory')"
                        + " WHERE payload LIKE '%\"anna\"%'");
        assertThat(changed).isEqualTo(1);
        log.relink(SALE);
    }

    private ProofResult check(SealedLog log, Anchor anchor) throws Exception {
        Files.write(folder.resolve("sale.jsonl"), log.export(SALE, anchor.number()));
        Files.writeString(folder.resolve("keys.json"), "{\"keys\":[" + String.join(",", log.keys()) + "]}");
        return ExportCheck.of(folder.resolve("sale.jsonl"), Keys.inFile(folder.resolve("keys.json")), anchor);
    }
}
