package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.Receipt;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.sealing.Signer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Receipts that the operator forges and signs with the real key: true parts of the log, put together to a lie. */
@Tag("services")
class ReceiptForgeryTest {

    @TempDir
    private static @Nullable Path folder;

    private static @Nullable PlayedSale played;

    /**
     * @param finding part of what the check says
     * @param change of the signed text
     */
    record Forged(String name, String finding, UnaryOperator<String> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void play() throws IOException {
        played = new PlayedSale(Objects.requireNonNull(folder));
    }

    private static PlayedSale sale() {
        return Objects.requireNonNull(played);
    }

    private static String own() {
        return text(sale().receipt(PlayedSale.CAMPAIGN, "ben"));
    }

    private static String text(String receipt) {
        return EventJson.mapper().readValue(receipt, Receipt.class).body();
    }

    private static Receipt.Body body(String text) {
        return EventJson.mapper().readValue(text, Receipt.Body.class);
    }

    private static List<String> check(String body) throws Exception {
        Signer signer = sale().signer;
        String receipt = EventJson.mapper()
                .writeValueAsString(new Receipt(
                        body, signer.keyId(), signer.sign(Digest.sha256(body.getBytes(StandardCharsets.UTF_8)))));
        return ReceiptCheck.of(
                        receipt, new Trust(Keys.inFile(sale().keys), List.of(), List.of(), false, Trust.SEALED_WITHIN))
                .problems();
    }

    private static Receipt.Body with(Receipt.Body it, String issuedAt, List<Receipt.Fact> facts, Receipt.Body other) {
        Map<Long, Receipt.SealProof> seals = new LinkedHashMap<>();
        Stream.of(it, other)
                .flatMap(each -> each.seals().stream())
                .forEach(proof -> seals.put(proof.seal().number(), proof));
        return new Receipt.Body(
                it.format(),
                it.saleKey(),
                it.buyer(),
                issuedAt,
                it.head(),
                it.keys(),
                facts,
                List.copyOf(seals.values()),
                it.unproven(),
                it.soldOut());
    }

    private static String spliced(String text, String other) {
        Receipt.Body it = body(text);
        Receipt.Body from = body(text(other));
        List<Receipt.Fact> facts = new ArrayList<>(it.facts());
        facts.addAll(from.facts().stream()
                .filter(fact -> fact.event() != null
                        && !Receipt.OF_NOBODY.contains(fact.event().type()))
                .toList());
        return EventJson.mapper().writeValueAsString(with(it, it.issuedAt(), facts, from));
    }

    static Stream<Forged> forgeries() {
        return Stream.of(
                new Forged(
                        "another buyer's coupon is shown as the buyer's own",
                        "is about somebody else",
                        text -> spliced(text, sale().receipt(PlayedSale.CAMPAIGN, "anna"))),
                new Forged(
                        "a reservation of another sale is shown in this one",
                        "belongs to sale",
                        text -> spliced(text, sale().receipt(PlayedSale.SHOW, "ben"))),
                new Forged("one coupon is shown twice", "is there twice", text -> {
                    Receipt.Body it = body(text);
                    List<Receipt.Fact> facts = new ArrayList<>(it.facts());
                    facts.add(it.facts().getLast());
                    return EventJson.mapper().writeValueAsString(with(it, it.issuedAt(), facts, it));
                }),
                new Forged("the receipt is dated before its newest seal", "before its newest seal", text -> {
                    Receipt.Body it = body(text);
                    String before = Instant.parse(it.head().sealedAt())
                            .minus(Duration.ofHours(1))
                            .toString();
                    return EventJson.mapper().writeValueAsString(with(it, before, it.facts(), it));
                }),
                new Forged(
                        "the buyer is named twice, for two readers",
                        "canonical form",
                        text -> text.replace("\"buyer\":\"ben\"", "\"buyer\":\"anna\",\"buyer\":\"ben\"")),
                new Forged(
                        "a member is added that only some readers know",
                        "canonical form",
                        text -> text.replace("\"unproven\":", "\"note\":\"refunded\",\"unproven\":")),
                new Forged(
                        "a number has another spelling",
                        "canonical form",
                        text -> text.replaceFirst("\"size\":(\\d+)", "\"size\":$1.0")),
                new Forged(
                        "a fact says that it is in another block",
                        "",
                        text -> text.replaceFirst("\"index\":(\\d+)", "\"index\":9")));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void a_forged_receipt_is_found_though_it_is_signed(Forged forged) throws Exception {
        assertThat(check(own())).isEmpty();
        String changed = forged.change().apply(own());
        assertThat(changed).isNotEqualTo(own());
        assertThat(String.join("\n", check(changed))).isNotEmpty().contains(forged.finding());
    }

    @Test
    void what_does_not_fit_into_a_number_and_what_is_outside_of_the_text_is_refused() {
        assertThatThrownBy(() -> check(own().replaceFirst("\"size\":\\d+", "\"size\":99999999999999999999")))
                .isInstanceOf(DamagedFileException.class);
        String receipt = sale().receipt(PlayedSale.CAMPAIGN, "ben");
        for (String other : List.of(
                receipt.replaceFirst("\\{", "{\"body\":\"{}\","),
                receipt.replaceFirst("\\{", "{\"note\":1,"),
                receipt + "{}")) {
            assertThatThrownBy(() ->
                            ReceiptCheck.of(other, new Trust(null, List.of(), List.of(), false, Trust.SEALED_WITHIN)))
                    .isInstanceOf(DamagedFileException.class);
        }
    }
}
