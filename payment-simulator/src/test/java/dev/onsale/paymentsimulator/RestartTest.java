package dev.onsale.paymentsimulator;

import static dev.onsale.paymentsimulator.GatewayClient.charge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest extends SimulatorTest {
    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void a_restart_with_its_ledger_file_keeps_charges_balances_entries_and_answers() {
        var options = NO_LAG.withLedgerFile(folder.resolve("new/ledger.jsonl"));
        var before = PaymentSimulator.start(options);
        var client = clientOf(before);
        var made = client.authorize("key-1", charge(4900, "tok_approved"));
        var id = made.text("id");
        client.capture(id, "key-2", 4000);
        var refunded = client.refund(id, "key-3", 500);
        var refused = client.voided(id, "key-4");
        client.authorize("key-5", charge(1).replace("reservation-1", "Grüße ☂ \\\"quoted\\\" \\\\"));
        var entries = client.get("/v1/ledger").body();
        var balance = client.get("/v1/ledger/balance").body();
        before.close();

        var again = clientOfNew(options);

        assertThat(again.get("/v1/ledger").body()).isEqualTo(entries);
        assertThat(again.get("/v1/ledger/balance").body()).isEqualTo(balance);
        assertThat(again.get("/v1/authorizations/" + id).body()).isEqualTo(refunded.body());
        assertThat(again.findByKey("key-1").text("id")).isEqualTo(id);
        assertThat(again.authorize("key-1", charge(4900, "tok_approved")).body())
                .isEqualTo(made.body());
        assertThat(again.authorize("key-1", charge(1)).status()).isEqualTo(422);
        assertThat(again.voided(id, "key-4").body()).isEqualTo(refused.body());
        assertThat(again.refund(id, "key-6", 3500).text("status")).isEqualTo("REFUNDED");
    }

    @Test
    void a_charge_that_was_still_in_its_delay_at_the_stop_was_never_made() {
        var options = NO_LAG.withLedgerFile(folder.resolve("ledger.jsonl"));
        var slow = PaymentSimulator.start(options.withDelay(Duration.ofSeconds(60), Duration.ofSeconds(60)));
        var client = clientOf(slow);
        var waiting = client.postAsync("/v1/authorizations", "key-1", charge(4900));
        await("the charge is under way")
                .atMost(Duration.ofSeconds(30))
                .until(() -> client.findByKey("key-1").status() == 202);
        slow.close();
        await("the waiting client is told by a lost connection")
                .atMost(Duration.ofSeconds(30))
                .until(waiting::isCompletedExceptionally);

        var again = clientOfNew(options);

        assertThat(again.findByKey("key-1").status()).isEqualTo(404);
        assertThat(again.authorize("key-1", charge(4900)).status()).isEqualTo(201);
    }

    @Test
    void an_unfinished_last_line_is_cut_off_and_appending_goes_on() throws IOException {
        var file = folder.resolve("ledger.jsonl");
        var options = NO_LAG.withLedgerFile(file);
        var before = PaymentSimulator.start(options);
        var id = clientOf(before).authorized("key-1", 4900);
        before.close();
        Files.writeString(file, "{\"time\":\"2026-", StandardOpenOption.APPEND);

        var second = PaymentSimulator.start(options);
        clientOf(second).capture(id, "key-2", 4900);
        second.close();

        assertThat(clientOfNew(options).get("/v1/authorizations/" + id).text("status"))
                .isEqualTo("CAPTURED");
    }

    @Test
    void a_ledger_file_that_was_tampered_with_stops_the_start_and_names_the_line() throws IOException {
        var file = folder.resolve("ledger.jsonl");
        var options = NO_LAG.withLedgerFile(file);
        var before = PaymentSimulator.start(options);
        var client = clientOf(before);
        client.capture(client.authorized("key-1", 4900), "key-2", 4900);
        before.close();
        var lines = Files.readAllLines(file);

        Files.write(file, List.of(lines.get(0), lines.get(2)));
        assertThatThrownBy(() -> started(options))
                .isInstanceOf(SimulatorStartException.class)
                .hasMessageContaining("Line 2 of the ledger file");

        Files.writeString(file, lines.get(0) + "\nnot json\n");
        assertThatThrownBy(() -> started(options))
                .isInstanceOf(SimulatorStartException.class)
                .hasMessageContaining("Line 2 of the ledger file");
    }

    @Test
    void a_file_that_is_no_ledger_is_left_alone() throws IOException {
        var file = folder.resolve("diary.txt");
        Files.writeString(file, "Dear diary");

        assertThatThrownBy(() -> started(NO_LAG.withLedgerFile(file)))
                .isInstanceOf(SimulatorStartException.class)
                .hasMessageContaining("not the header of a payment ledger");

        assertThat(file).hasContent("Dear diary");
    }

    @Test
    void a_ledger_file_belongs_to_one_simulator_at_a_time() {
        var options = NO_LAG.withLedgerFile(folder.resolve("ledger.jsonl"));
        started(options);

        assertThatThrownBy(() -> started(options))
                .isInstanceOf(SimulatorStartException.class)
                .hasMessageContaining("in use by another simulator");
    }
}
