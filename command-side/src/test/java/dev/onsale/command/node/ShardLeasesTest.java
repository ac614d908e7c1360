package dev.onsale.command.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.command.node.NodeTable.Owned;
import dev.onsale.command.store.Shards;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The rules of leases and of the balance, without a database. */
class ShardLeasesTest {

    private static final Duration LAPSE = Duration.ofHours(1);

    private final ShardLeases leases = new ShardLeases(LAPSE);

    @Test
    void a_shard_counts_only_while_the_lease_is_trusted() {
        leases.set(5, 17);
        assertThat(leases.epoch(5)).as("before the first renewal").isZero();
        leases.renewed(System.nanoTime());
        assertThat(leases.epoch(5)).isEqualTo(17);
        assertThat(leases.epoch(6)).isZero();
        leases.renewed(System.nanoTime() - LAPSE.toNanos());
        assertThat(leases.epoch(5)).as("a renewal that began too long ago").isZero();
        leases.renewed(System.nanoTime());
        leases.distrust();
        assertThat(leases.enter(5)).isFalse();
    }

    @Test
    void a_closed_shard_takes_no_command_and_still_lets_those_inside_end() {
        leases.set(5, 17);
        leases.renewed(System.nanoTime());
        assertThat(leases.enter(5)).isTrue();
        leases.close(5);
        assertThat(leases.enter(5)).isFalse();
        assertThat(leases.epoch(5)).as("those inside are decided").isEqualTo(17);
        assertThat(leases.isBusy(5)).isTrue();
        leases.leave(5);
        assertThat(leases.isBusy(5)).isFalse();
        leases.set(5, 19);
        assertThat(leases.enter(5)).as("owned again").isTrue();
    }

    @Test
    void a_lease_lapses_only_when_both_clocks_say_so_and_nobody_renewed_it() {
        LapseWatch watch = new LapseWatch(LAPSE);
        Member held = member("a", 1, false);
        Member lapsed = member("a", 1, true);
        watch.look(List.of(held), 0);
        assertThat(watch.hasLapsed(lapsed, LAPSE.toNanos() - 1))
                .as("just before")
                .isFalse();
        assertThat(watch.hasLapsed(lapsed, LAPSE.toNanos())).isTrue();
        assertThat(watch.hasLapsed(held, LAPSE.toNanos()))
                .as("the database's clock")
                .isFalse();
        watch.look(List.of(member("a", 2, true)), 10);
        assertThat(watch.hasLapsed(member("a", 2, true), LAPSE.toNanos()))
                .as("renewed meanwhile")
                .isFalse();
    }

    /** After an outage of the database the first node that is back must not take the shards of all others. */
    @Test
    void time_in_which_a_node_could_not_look_does_not_count() {
        LapseWatch watch = new LapseWatch(LAPSE);
        Member lapsed = member("a", 1, true);
        long back = 3 * LAPSE.toNanos();
        watch.look(List.of(lapsed), 0);
        watch.look(List.of(lapsed), back);
        assertThat(watch.hasLapsed(lapsed, back)).as("right after the outage").isFalse();
        for (int round = 1; round <= 5; round++) {
            watch.look(List.of(lapsed), back + round * LAPSE.toNanos() / 5);
        }
        assertThat(watch.hasLapsed(lapsed, back + LAPSE.toNanos())).isTrue();
    }

    @Test
    void nodes_that_give_their_surplus_at_the_same_time_end_with_fair_shares() {
        for (int nodes = 1; nodes <= 5; nodes++) {
            List<Member> members = new ArrayList<>();
            for (int node = 0; node < nodes; node++) {
                members.add(member("node-" + node, 1, false));
            }
            String[] owners = new String[Shards.COUNT];
            Arrays.setAll(owners, shard -> "node-" + (shard % Math.max(1, members.size() - 1)));
            int moves = 0;
            for (boolean moved = true; moved; ) {
                moved = false;
                ShardMap stale = map(members, owners);
                for (Member member : members) {
                    ShardBalance.Move move = ShardBalance.next(stale, member.id(), Set.of());
                    if (move != null) {
                        owners[move.shard()] = move.target();
                        moved = true;
                        moves++;
                    }
                }
            }
            assertThat(map(members, owners).counts().values())
                    .allMatch(count -> count <= Math.ceilDiv(Shards.COUNT, members.size()));
            assertThat(moves).as("no shard moves twice").isLessThanOrEqualTo(Shards.COUNT);
        }
    }

    @Test
    void a_node_that_leaves_gives_everything_to_those_that_stay() {
        Member leaving =
                new Member("leaving", Member.State.LEAVING, "", "h", 1, "a", 1, null, 1, LocalDateTime.MIN, false);
        List<Member> members = List.of(leaving, member("x", 1, false), member("y", 1, false));
        String[] owners = new String[Shards.COUNT];
        Arrays.fill(owners, "leaving");
        Map<String, Integer> given = new HashMap<>();
        ShardBalance.all(map(members, owners), "leaving", Set.of())
                .forEach(move -> given.merge(move.target(), 1, Integer::sum));
        assertThat(given).containsOnly(Map.entry("x", Shards.COUNT / 2), Map.entry("y", Shards.COUNT / 2));
        assertThat(ShardBalance.all(map(List.of(leaving), owners), "leaving", Set.of()))
                .isEmpty();
    }

    @Test
    void a_node_that_cannot_be_reached_gets_no_shard_and_has_no_share() {
        List<Member> members = List.of(member("a", 1, false), member("b", 1, false), member("c", 1, false));
        String[] owners = new String[Shards.COUNT];
        Arrays.fill(owners, "a");
        ShardMap map = map(members, owners);
        assertThat(ShardBalance.next(map, "a", Set.of("b")))
                .isNotNull()
                .extracting(ShardBalance.Move::target)
                .isEqualTo("c");
        assertThat(ShardBalance.next(map, "a", Set.of("b", "c"))).isNull();
        assertThat(ShardBalance.all(map, "a", Set.of("b")))
                .hasSize(Shards.COUNT)
                .allMatch(move -> move.target().equals("c"));
        assertThat(ShardBalance.all(map, "a", Set.of("b", "c"))).isEmpty();
    }

    @Test
    void keys_are_spread_over_all_shards_and_the_same_everywhere() {
        Set<Integer> used = new HashSet<>();
        for (int key = 0; key < 10_000; key++) {
            used.add(Shards.of(UUID.nameUUIDFromBytes(new byte[] {(byte) key, (byte) (key >> 8)})
                    .toString()));
        }
        assertThat(used).hasSize(Shards.COUNT).allMatch(shard -> shard >= 0 && shard < Shards.COUNT);
        assertThat(Shards.of("alice"))
                .as("stored in nobody's memory only: all versions must agree")
                .isEqualTo(94);
    }

    private static ShardMap map(List<Member> members, String[] owners) {
        List<Owned> shards = new ArrayList<>();
        for (int shard = 0; shard < owners.length; shard++) {
            shards.add(new Owned(shard, Objects.requireNonNull(owners[shard]), 1));
        }
        return ShardMap.of(members, shards);
    }

    private static Member member(String id, long renewals, boolean lapsed) {
        return new Member(
                id, Member.State.READY, "", "h", 1, "localhost", 1, null, renewals, LocalDateTime.MIN, lapsed);
    }
}
