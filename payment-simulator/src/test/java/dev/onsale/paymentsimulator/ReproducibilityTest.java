package dev.onsale.paymentsimulator;

import static dev.onsale.paymentsimulator.GatewayClient.charge;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReproducibilityTest extends SimulatorTest {
    private static final int CHARGES = 300;

    @Test
    void the_same_seed_and_keys_give_the_same_decisions_whatever_the_order_of_arrival() throws Exception {
        var inOrder =
                IntStream.range(0, CHARGES).mapToObj(each -> "key-" + each).toList();
        var shuffled = new ArrayList<>(inOrder);
        Collections.shuffle(shuffled, new Random(3));

        var first = decisions(7, inOrder);

        assertThat(decisions(7, shuffled)).isEqualTo(first);
        assertThat(decisions(8, inOrder)).isNotEqualTo(first);
    }

    @Test
    void about_the_success_rate_is_approved_and_a_higher_rate_only_adds_approvals() {
        var chance = new Chance(5);
        var keys = IntStream.range(0, 10_000).mapToObj(each -> "key-" + each).toList();

        var approvedAt70 =
                keys.stream().filter(key -> chance.approves(key, 0.70)).toList();
        var approvedAt80 =
                keys.stream().filter(key -> chance.approves(key, 0.80)).toList();

        assertThat(approvedAt70.size()).isBetween(6_800, 7_200);
        assertThat(approvedAt80).containsAll(approvedAt70);
        assertThat(keys).noneMatch(key -> chance.approves(key, 0));
        assertThat(keys).allMatch(key -> chance.approves(key, 1));
    }

    /** Id, status and decline code by key, from parallel requests. */
    private Map<String, String> decisions(long seed, List<String> keys) throws Exception {
        var client = clientOfNew(NO_LAG.withSeed(seed));
        var replies = new TreeMap<String, CompletableFuture<GatewayClient.Reply>>();
        for (var key : keys) {
            replies.put(key, client.postAsync("/v1/authorizations", key, charge(100)));
        }
        var decisions = new TreeMap<String, String>();
        for (var each : replies.entrySet()) {
            var reply = each.getValue().get(30, TimeUnit.SECONDS);
            decisions.put(each.getKey(), reply.text("id") + reply.text("status") + reply.text("declineCode"));
        }
        assertThat(decisions.values())
                .anyMatch(it -> it.contains("DECLINED"))
                .anyMatch(it -> it.contains("AUTHORIZED"));
        return decisions;
    }
}
