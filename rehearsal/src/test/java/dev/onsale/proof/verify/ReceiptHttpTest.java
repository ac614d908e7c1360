package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Receipts, heads and consistency proofs of the running application: who gets what, and what bad requests get. */
@SharedOnsale
class ReceiptHttpTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Onsale onsale;
    private final Path folder;

    ReceiptHttpTest(Onsale onsale, @TempDir Path folder) {
        this.onsale = onsale;
        this.folder = folder;
    }

    private void awaitSeals() throws Exception {
        long written = onsale.log().head();
        await("everything is sealed")
                .atMost(PATIENCE)
                .until(() ->
                        Exported.head(onsale).path("seal").path("lastPosition").asLong() >= written);
    }

    private static JsonNode body(JsonNode receipt) {
        return JSON.readTree(receipt.path("body").asString());
    }

    private static List<String> types(JsonNode body) {
        return body.path("facts")
                .valueStream()
                .map(fact -> fact.path("event").path("type").asString())
                .toList();
    }

    @Test
    void a_buyer_gets_the_own_receipt_and_who_got_nothing_sees_why() throws Exception {
        String campaign = Sales.launched(onsale, Sales.campaign(1));
        Person first = onsale.person("receipt-first");
        Person second = onsale.person("receipt-second");
        first.asksForCoupon(campaign, "c").require(201);
        second.asksForCoupon(campaign, "c").requireProblem(409, "SOLD_OUT");
        awaitSeals();

        JsonNode receipt = first.sees("/api/receipts/" + campaign).require(200);
        assertThat(body(receipt).path("buyer").asString()).isEqualTo("receipt-first");
        assertThat(types(body(receipt)))
                .containsExactly("onsale.campaign-launched", "onsale.coupon-issued", "onsale.campaign-exhausted");

        JsonNode refused = second.sees("/api/receipts/" + campaign).require(200);
        assertThat(types(body(refused))).containsExactly("onsale.campaign-launched", "onsale.campaign-exhausted");
        assertThat(refused.toString()).doesNotContain("receipt-first");
        JsonNode ofOperator = onsale.get("/api/receipts/" + campaign)
                .as(onsale.operator())
                .send()
                .require(200);
        assertThat(types(body(ofOperator))).doesNotContain("onsale.coupon-issued");

        Path keys = Files.writeString(
                folder.resolve("keys.json"),
                onsale.get("/api/seals/head").send().body());
        for (JsonNode each : List.of(receipt, refused)) {
            Path file = Files.writeString(folder.resolve("receipt.json"), each.toString());
            assertThat(VerifyReceiptMain.run(List.of(file.toString(), "--key", keys.toString())))
                    .isZero();
        }
        Path forged = Files.writeString(
                folder.resolve("forged.json"),
                receipt.toString().replace("\\\\\\\"rank\\\\\\\":1", "\\\\\\\"rank\\\\\\\":2"));
        assertThat(Files.readString(forged)).isNotEqualTo(receipt.toString());
        assertThat(VerifyReceiptMain.run(List.of(forged.toString(), "--key", keys.toString())))
                .isEqualTo(1);
    }

    @Test
    void a_sold_out_category_is_in_the_receipt_of_who_got_no_seat() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person buyer = onsale.person("receipt-seats");
        String reservation = buyer.hasHeld(performance, "P-1-1", "P-1-2", "P-1-3", "P-1-4");
        for (int first = 5; first <= 20; first += 4) {
            String[] seats = IntStream.range(first, first + 4)
                    .mapToObj(seat -> "P-" + (1 + (seat - 1) / 10) + "-" + (1 + (seat - 1) % 10))
                    .toArray(String[]::new);
            onsale.person("receipt-seats-" + first).hasHeld(performance, seats);
        }
        awaitSeals();
        JsonNode mine = body(buyer.sees("/api/receipts/" + performance).require(200));
        assertThat(types(mine)).contains("onsale.reservation-held");
        assertThat(mine.toString()).contains(reservation);
        JsonNode other = body(onsale.person("receipt-nobody")
                .sees("/api/receipts/" + performance)
                .require(200));
        assertThat(types(other)).doesNotContain("onsale.reservation-held");
        assertThat(other.path("soldOut").size())
                .as("the other category has free seats")
                .isEqualTo(1);
        JsonNode span = other.path("soldOut").path(0);
        assertThat(span.path("category").asString()).isEqualTo("Front");
        assertThat(span.path("seats").asInt()).isEqualTo(20);
        assertThat(span.path("until").isNull()).isTrue();
    }

    @Test
    void nobody_gets_a_receipt_without_a_valid_token_and_bad_names_are_problems() throws Exception {
        String path = "/api/receipts/" + Sales.launched(onsale, Sales.campaign(1));
        String token = onsale.person("receipt-token").token();
        onsale.get(path).send().requireProblem(401, "UNAUTHENTICATED");
        String foreign = token.substring(0, token.lastIndexOf('.') + 1) + "c2lnbmF0dXJl";
        onsale.get(path).as(foreign).send().requireProblem(401, "UNAUTHENTICATED");
        onsale.get("/api/receipts/no-such-sale").as(token).send().requireProblem(404, "SALE_NOT_FOUND");
        onsale.get("/api/receipts/" + "x".repeat(191)).as(token).send().requireProblem(400, "INVALID_REQUEST");
    }

    @Test
    void heads_and_their_proofs_are_open_to_everybody() throws Exception {
        String campaign = Sales.launched(onsale, Sales.campaign(1));
        awaitSeals();
        JsonNode first = Exported.head(onsale).path("seal");
        onsale.person("receipt-head").asksForCoupon(campaign, "c").require(201);
        awaitSeals();
        JsonNode head = Exported.head(onsale).path("seal");
        assertThat(head.path("number").asLong())
                .isGreaterThan(first.path("number").asLong());
        JsonNode proof = onsale.get(
                        "/api/seals/consistency?first=" + first.path("number") + "&second=" + head.path("number"))
                .send()
                .require(200);
        assertThat(proof.path("first")).isEqualTo(first);
        assertThat(proof.path("inclusion").size()).isPositive();
        Path witness = folder.resolve("witness.jsonl");
        String url = "http://127.0.0.1:" + onsale.port();
        assertThat(WitnessMain.run(List.of(url, "--file", witness.toString()))).isZero();
        assertThat(WitnessMain.run(List.of(url, "--file", witness.toString()))).isZero();
    }

    @Test
    void bad_parameters_of_seals_are_problems() throws Exception {
        long newest = Exported.head(onsale).path("seal").path("number").asLong();
        Map<String, Stream<String>> bad = Map.of(
                "/api/seals/consistency?",
                Stream.of(
                        "first=0&second=2",
                        "first=-1&second=2",
                        "first=2&second=2",
                        "first=2&second=1",
                        "first=a&second=2",
                        "first=1.0&second=2",
                        "first=1",
                        "second=2",
                        "first=1&second=99999999999999999999"),
                "/api/seals?",
                Stream.of("after=-1", "limit=0", "limit=1001", "limit=x", "after=99999999999999999999"));
        for (var each : bad.entrySet()) {
            for (String query : each.getValue().toList()) {
                onsale.get(each.getKey() + query).send().requireProblem(400, "INVALID_REQUEST");
            }
        }
        onsale.get("/api/seals/consistency?first=1&second=" + (newest + 1_000_000))
                .send()
                .requireProblem(404, "SEAL_NOT_FOUND");
    }

    @Test
    void the_metrics_of_the_seals_are_zero_before_anything_happens() {
        MeterRegistry metrics = onsale.beans(MeterRegistry.class).getFirst();
        assertThat(metrics.get("onsale.seals.mismatch").gauge().value()).isZero();
        assertThat(metrics.get("onsale.seals.behind").gauge().value()).isNotNegative();
        assertThat(metrics.get("onsale.seals.webhook.sent").counter().count()).isZero();
        assertThat(metrics.get("onsale.seals.webhook.failures").counter().count())
                .isZero();
    }
}
