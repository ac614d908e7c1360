package dev.onsale.paymentsimulator;

import static dev.onsale.paymentsimulator.GatewayClient.charge;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class LedgerBalanceTest extends SimulatorTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 20_260_501})
    void after_a_random_sequence_the_balance_is_the_fold_of_the_entries_and_of_the_acknowledgements(long seed) {
        var client = clientOfNew(NO_LAG.withSeed(seed).withSuccessRate(0.8));
        var random = new Random(seed);
        var ids = new ArrayList<String>();
        var acknowledged = new HashMap<String, Long>();

        for (int step = 0; step < 400; step++) {
            var key = "step-" + step;
            long units = 1L + random.nextInt(50);
            switch (ids.isEmpty() ? 0 : random.nextInt(6)) {
                case 0 -> {
                    var made = client.authorize(key, charge(units));
                    ids.add(made.text("id"));
                    if (made.text("status").equals("AUTHORIZED")) {
                        acknowledged.merge("AUTHORIZED", units, Long::sum);
                    }
                }
                case 1, 2 -> count(acknowledged, "CAPTURED", client.capture(any(ids, random), key, units), units);
                case 3, 4 -> {
                    long part = 1L + random.nextInt(10);
                    count(acknowledged, "REFUNDED", client.refund(any(ids, random), key, part), part);
                }
                default -> {
                    var voided = client.voided(any(ids, random), key);
                    count(
                            acknowledged,
                            "VOIDED",
                            voided,
                            voided.json().at("/amount/minorUnits").asLong(0));
                }
            }
        }

        var entries = allEntries(client);
        var sums = new HashMap<String, Long>();
        for (var entry : entries) {
            sums.merge(
                    entry.path("kind").asString(),
                    entry.at("/amount/minorUnits").longValue(),
                    Long::sum);
        }
        var balance = client.get("/v1/ledger/balance").json();
        var euro = balance.at("/balances/0");
        assertThat(acknowledged.keySet()).containsExactlyInAnyOrder("AUTHORIZED", "CAPTURED", "REFUNDED", "VOIDED");
        for (var kind : acknowledged.keySet()) {
            assertThat(sums.get(kind)).as(kind).isEqualTo(acknowledged.get(kind));
            assertThat(euro.path(kind.toLowerCase(Locale.ROOT) + "MinorUnits").longValue())
                    .as(kind)
                    .isEqualTo(acknowledged.get(kind));
        }
        assertThat(balance.path("sequence").longValue()).isEqualTo(entries.size());
        assertThat(euro.path("openMinorUnits").longValue()).isEqualTo(openSum(client, ids));
        assertThat(euro.path("netMinorUnits").longValue())
                .isEqualTo(acknowledged.getOrDefault("CAPTURED", 0L) - acknowledged.getOrDefault("REFUNDED", 0L));
    }

    private static long openSum(GatewayClient client, List<String> ids) {
        long open = 0;
        for (var id : ids) {
            var charge = client.get("/v1/authorizations/" + id);
            if (charge.text("status").equals("AUTHORIZED")) {
                open += charge.json().at("/amount/minorUnits").longValue();
            }
        }
        return open;
    }

    /** Read in small pages; the numbers must run from 1 without holes. */
    private static List<JsonNode> allEntries(GatewayClient client) {
        var entries = new ArrayList<JsonNode>();
        long after = 0;
        while (after >= 0) {
            var page = client.get("/v1/ledger?limit=37&after=" + after).json();
            for (var entry : page.path("entries")) {
                entries.add(entry);
                assertThat(entry.path("sequence").longValue()).isEqualTo(entries.size());
            }
            after = page.has("next") ? page.path("next").longValue() : -1;
        }
        return entries;
    }

    private static String any(List<String> ids, Random random) {
        return ids.get(random.nextInt(ids.size()));
    }

    private static void count(Map<String, Long> sums, String kind, GatewayClient.Reply reply, long units) {
        assertThat(reply.status()).isIn(200, 409);
        if (reply.status() == 200) {
            sums.merge(kind, units, Long::sum);
        }
    }
}
