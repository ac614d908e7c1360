package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.Money;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.coupon.CampaignExhausted;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.Receipt;
import dev.onsale.proof.invariant.HandMadeLog;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.sealing.SealedLog;
import dev.onsale.proof.sealing.Signer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receipt of somebody who got nothing says when there was nothing left. */
@Tag("services")
class SoldOutTest {

    private static final Money PRICE = Money.of(4_900, "EUR");
    private static final String SHOW = HandMadeLog.SHOW.toString();
    private static final String CAMPAIGN = HandMadeLog.CAMPAIGN.toString();

    private final Path folder;
    private final Signer signer;
    private final SealedLog log;
    private final HandMadeLog facts = HandMadeLog.aCampaignOf(2);
    private int written;

    SoldOutTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        log = new SealedLog(folder.resolve("key.json"), Instant.now().minus(Duration.ofHours(1)));
        signer = Signer.inFile(folder.resolve("key.json"));
        facts.add(new PerformanceScheduled(
                HandMadeLog.SHOW,
                "Show",
                HandMadeLog.LATER,
                new SeatingPlan(
                        "Hall",
                        List.of(new SeatingPlan.Category("A", "#112233"), new SeatingPlan.Category("B", "#445566")),
                        List.of(new SeatingPlan.Zone(
                                "Z",
                                0,
                                0,
                                List.of(new SeatingPlan.Row(
                                        "1", 0, 0, List.of(seat("A-1", 0), seat("A-2", 0), seat("B-1", 1)))))),
                        10,
                        10),
                List.of(new PriceZone("A", PRICE), new PriceZone("B", PRICE)),
                HandMadeLog.NOON,
                HandMadeLog.LATER,
                2,
                Duration.ofMinutes(5),
                false,
                HandMadeLog.NOON));
        step();
    }

    private static SeatingPlan.Seat seat(String label, int category) {
        return new SeatingPlan.Seat(SeatLabel.of(label), label, category, 0, 0);
    }

    private void step() {
        log.passTime(Duration.ofMinutes(1));
        log.append(facts.events().subList(written, facts.events().size()));
        written = facts.events().size();
        log.seal();
    }

    private Receipt.Body receipt(String sale, String buyer) throws Exception {
        ReceiptCheck.Checked checked = check(log.receipt(sale, buyer));
        assertThat(checked.problems()).isEmpty();
        return checked.body();
    }

    private ReceiptCheck.Checked check(String receipt) throws Exception {
        Keys keys = new Keys();
        keys.add(signer.jwk());
        return ReceiptCheck.of(receipt, new Trust(keys, List.of(), List.of(), false, Trust.SEALED_WITHIN));
    }

    @Test
    void who_got_no_coupon_sees_the_fact_that_the_last_one_went() throws Exception {
        assertThat(receipt(CAMPAIGN, "zoe").facts()).singleElement().satisfies(fact -> assertThat(
                        Objects.requireNonNull(fact.event()).type())
                .isEqualTo("onsale.campaign-launched"));
        facts.issue("anna", 1).issue("ben", 2).add(new CampaignExhausted(HandMadeLog.CAMPAIGN, 2, HandMadeLog.NOON));
        step();
        assertThat(receipt(CAMPAIGN, "zoe").facts().stream()
                        .map(fact -> Objects.requireNonNull(fact.event()).type()))
                .containsExactly("onsale.campaign-launched", "onsale.campaign-exhausted");
        assertThat(receipt(CAMPAIGN, "ben").facts()).hasSize(3);
    }

    @Test
    void who_got_no_seat_sees_when_no_seat_of_a_category_was_free_and_nobody_elses_name() throws Exception {
        assertThat(receipt(SHOW, "zoe").soldOut()).isEmpty();
        facts.sell("r1", "anna", "A-1", 1).hold("r2", "ben", "A-2", 1);
        step();
        Receipt.SoldOut open =
                Objects.requireNonNull(receipt(SHOW, "zoe").soldOut()).getFirst();
        assertThat(open.category()).isEqualTo("A");
        assertThat(open.seats()).isEqualTo(2);
        assertThat(open.until()).isNull();

        facts.expire("r2", "ben", "A-2");
        step();
        facts.sell("r3", "carl", "A-2", 2);
        step();
        Receipt.Body later = receipt(SHOW, "zoe");
        assertThat(Objects.requireNonNull(later.soldOut())).hasSize(2);
        assertThat(later.soldOut().getFirst().from()).isEqualTo(open.from());
        assertThat(later.soldOut().getFirst().until()).isNotNull();
        assertThat(later.soldOut().getLast().until()).isNull();
        assertThat(EventJson.mapper().writeValueAsString(later)).doesNotContain("anna", "ben", "carl");
    }

    @Test
    void the_statement_cannot_name_another_event_or_time() throws Exception {
        facts.sell("r1", "anna", "B-1", 1);
        step();
        Receipt.SoldOut span =
                Objects.requireNonNull(receipt(SHOW, "zoe").soldOut()).getFirst();
        String hour = Instant.parse(span.from()).minus(Duration.ofHours(1)).toString();
        assertThat(forged(text -> text.replace("\"from\":\"" + span.from(), "\"from\":\"" + hour)))
                .singleElement()
                .asString()
                .contains("has the time " + hour);
        assertThat(forged(
                        text -> text.replace(Objects.requireNonNull(span.last()).event(), "00".repeat(32))))
                .singleElement()
                .asString()
                .contains("is not what seal");
        assertThat(forged(text -> text.replace("\"until\":null", "\"until\":\"" + span.from() + "\"")))
                .singleElement()
                .asString()
                .contains("has one end of two");
    }

    private List<String> forged(UnaryOperator<String> change) throws Exception {
        String before = EventJson.mapper()
                .readValue(log.receipt(SHOW, "zoe"), Receipt.class)
                .body();
        String body = change.apply(before);
        assertThat(body).isNotEqualTo(before);
        return check(EventJson.mapper()
                        .writeValueAsString(new Receipt(
                                body,
                                signer.keyId(),
                                signer.sign(Digest.sha256(body.getBytes(StandardCharsets.UTF_8))))))
                .problems();
    }

    @Test
    void the_log_of_the_whole_sale_shows_whether_a_receipt_says_the_truth_and_all_of_it() throws Exception {
        facts.sell("r1", "anna", "A-1", 1).hold("r2", "ben", "A-2", 1);
        step();
        facts.expire("r2", "ben", "A-2");
        step();
        ReceiptCheck.Checked anna = check(log.receipt(SHOW, "anna"));
        assertThat(compared(SHOW, anna)).isEmpty();
        assertThat(compared(SHOW, check(log.receipt(SHOW, "zoe")))).isEmpty();
        assertThat(compared(CAMPAIGN, anna)).anyMatch(what -> what.contains("is of sale " + SHOW));

        Receipt.Body body = anna.body();
        List<Receipt.SoldOut> stated = Objects.requireNonNull(body.soldOut());
        assertThat(compared(SHOW, changed(body, body.facts().subList(0, 1), stated)))
                .as("a fact is left out")
                .anyMatch(what -> what.contains("leaves out the onsale.reservation-confirmed"));
        assertThat(compared(SHOW, changed(body, body.facts(), List.of())))
                .as("the statement is left out")
                .anyMatch(what -> what.contains("by the log it was: [A of 2 from"));
        Receipt.SoldOut span = stated.getFirst();
        assertThat(compared(
                        SHOW,
                        changed(
                                body,
                                body.facts(),
                                List.of(new Receipt.SoldOut(
                                        "B", 1, span.from(), span.last(), span.until(), span.next())))))
                .as("another category")
                .anyMatch(what -> what.contains("says that nothing was left: [B of 1"));
    }

    private static ReceiptCheck.Checked changed(
            Receipt.Body it, List<Receipt.Fact> facts, List<Receipt.SoldOut> soldOut) {
        return new ReceiptCheck.Checked(
                new Receipt.Body(
                        it.format(),
                        it.saleKey(),
                        it.buyer(),
                        it.issuedAt(),
                        it.head(),
                        it.keys(),
                        facts,
                        it.seals(),
                        it.unproven(),
                        soldOut),
                List.of());
    }

    private List<String> compared(String sale, ReceiptCheck.Checked receipt) throws Exception {
        Path file = Files.write(folder.resolve("sale.jsonl"), log.export(sale));
        return ExportCheck.compared(file, Trust.NOTHING, List.of(receipt))
                .tampering()
                .first();
    }
}
