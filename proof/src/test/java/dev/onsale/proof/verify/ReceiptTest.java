package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.Receipt;
import dev.onsale.proof.sealing.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("services")
class ReceiptTest {

    @TempDir
    private static @Nullable Path folder;

    private static @Nullable PlayedSale played;

    @BeforeAll
    static void play() throws IOException {
        played = new PlayedSale(Objects.requireNonNull(folder));
    }

    private static PlayedSale sale() {
        return Objects.requireNonNull(played);
    }

    private static ReceiptCheck.Checked check(String receipt) throws Exception {
        return ReceiptCheck.of(
                receipt, new Trust(Keys.inFile(sale().keys), List.of(), List.of(), false, Trust.SEALED_WITHIN));
    }

    @Test
    void a_receipt_proves_what_the_log_says_of_the_buyer() throws Exception {
        ReceiptCheck.Checked show = check(sale().receipt(PlayedSale.SHOW, "anna"));
        assertThat(show.problems()).isEmpty();
        assertThat(show.body().facts().stream()
                        .filter(fact -> fact.event() != null)
                        .map(fact -> Objects.requireNonNull(fact.event()).type()))
                .containsExactly("onsale.reservation-held", "onsale.payment-requested", "onsale.reservation-confirmed");
        assertThat(show.body().facts().stream()
                        .filter(fact -> fact.record() != null)
                        .map(fact -> Objects.requireNonNull(fact.record()).entry()))
                .anyMatch(entry -> entry.contains("ADMITTED"))
                .anyMatch(entry -> entry.contains("\"used\""));

        ReceiptCheck.Checked campaign = check(sale().receipt(PlayedSale.CAMPAIGN, "ben"));
        assertThat(campaign.problems()).isEmpty();
        assertThat(campaign.body().facts().stream()
                        .map(fact -> Objects.requireNonNull(fact.event()).payload()))
                .satisfiesExactly(
                        launched -> assertThat(launched).contains("\"quantity\":10"),
                        coupon -> assertThat(coupon).contains("\"rank\":2"));
        assertThat(campaign.body().head().number()).isEqualTo(5);
    }

    @Test
    void a_changed_receipt_is_found_out() throws Exception {
        String receipt = sale().receipt(PlayedSale.CAMPAIGN, "ben");
        assertThat(check(receipt.replace("\\\\\\\"rank\\\\\\\":2", "\\\\\\\"rank\\\\\\\":1"))
                        .problems())
                .as("by its signature")
                .anyMatch(what -> what.startsWith("The receipt has no valid signature"))
                .anyMatch(what -> what.contains("is not what seal"));
        assertThat(check(signed(receipt, body -> body.replace("\\\"rank\\\":2", "\\\"rank\\\":1"), sale().signer))
                        .problems())
                .as("signed again, by its proof")
                .singleElement()
                .asString()
                .contains("is not what seal 2 covers");
        Signer other = Signer.inFile(Objects.requireNonNull(folder).resolve("other.json"));
        assertThat(check(signed(receipt, body -> body, other)).problems())
                .singleElement()
                .asString()
                .contains("no valid signature of a trusted key");
        assertThat(check(signed(
                                sale().receipt(PlayedSale.SHOW, "anna"),
                                body -> body.replace("\"buyer\":\"anna\"", "\"buyer\":\"ben\""),
                                sale().signer))
                        .problems())
                .anyMatch(what -> what.contains("is about somebody else"));
    }

    @Test
    void the_command_checks_a_file_and_its_head_against_an_anchor() throws Exception {
        Path file = Files.writeString(
                Objects.requireNonNull(folder).resolve("receipt.json"), sale().receipt(PlayedSale.CAMPAIGN, "carl"));
        Anchor anchor =
                new Anchor(5, Hash.of(PlayedSale.sealLine(sale().campaign, 5).seal()));
        assertThat(VerifyReceiptMain.run(
                        List.of(file.toString(), "--key", sale().keys.toString())))
                .isZero();
        assertThat(VerifyReceiptMain.run(List.of(file.toString(), "--anchor", "5:" + anchor.seal())))
                .isZero();
        assertThat(VerifyReceiptMain.run(List.of(file.toString(), "--anchor", "5:" + "00".repeat(32))))
                .isEqualTo(1);
        assertThat(VerifyReceiptMain.run(List.of(sale().keys.toString()))).isEqualTo(2);
        assertThat(VerifyReceiptMain.run(List.of())).isEqualTo(2);
    }

    private static String signed(String receipt, UnaryOperator<String> change, Signer signer) {
        String body = change.apply(
                EventJson.mapper().readValue(receipt, Receipt.class).body());
        return EventJson.mapper()
                .writeValueAsString(new Receipt(
                        body,
                        signer.keyId(),
                        signer.sign(dev.onsale.proof.seal.Digest.sha256(
                                body.getBytes(java.nio.charset.StandardCharsets.UTF_8)))));
    }
}
