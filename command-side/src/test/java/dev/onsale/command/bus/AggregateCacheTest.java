package dev.onsale.command.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventsourcing.NoSnapshotTriggerDefinition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateCacheTest {

    private static final int MAX = 400;

    private final AggregateCache cache = new AggregateCache(MAX);

    private static AggregateCache.Kept entry(Object root) {
        return new AggregateCache.Kept(root, 0, NoSnapshotTriggerDefinition.TRIGGER);
    }

    private static @Nullable Object rootOf(AggregateCache.@Nullable Kept kept) {
        return kept == null ? null : kept.root();
    }

    private @Nullable Object kept(String key) {
        return rootOf(cache.get(key));
    }

    private void others(int first, int count) {
        for (int number = first; number < first + count; number++) {
            cache.put("other-" + number, entry(number));
        }
    }

    private int keptOthers(int first, int count) {
        int kept = 0;
        for (int number = first; number < first + count; number++) {
            kept += cache.contains("other-" + number) ? 1 : 0;
        }
        return kept;
    }

    @Test
    void never_more_are_kept_than_allowed_and_the_newest_are() {
        others(0, 10 * MAX);
        assertThat(keptOthers(0, 10 * MAX)).isBetween(MAX / 2, MAX);
        assertThat(keptOthers(10 * MAX - MAX / 2, MAX / 2)).isEqualTo(MAX / 2);
    }

    @Test
    void what_is_used_stays_while_others_come_and_go() {
        cache.put("hot", entry(1));
        for (int round = 0; round < 20; round++) {
            others(round * MAX / 2, MAX / 2);
            assertThat(kept("hot")).isEqualTo(1);
        }
        others(0, 2 * MAX);
        assertThat(kept("hot")).as("no longer used").isNull();
    }

    @Test
    void the_newest_state_wins_and_an_older_one_never_comes_back() {
        cache.put("seat", entry("held"));
        others(0, MAX / 2);
        cache.put("seat", entry("booked"));
        assertThat(kept("seat")).isEqualTo("booked");
        others(MAX, MAX / 4 + 1);
        assertThat(kept("seat")).isEqualTo("booked");
    }

    @Test
    void what_is_removed_is_gone_from_everywhere() {
        cache.put("seat", entry("held"));
        others(0, MAX / 2);
        cache.put("seat", entry("booked"));
        cache.remove("seat");
        assertThat(kept("seat")).isNull();
        assertThat(cache.contains("seat")).isFalse();

        others(0, MAX / 4);
        cache.removeAll();
        assertThat(keptOthers(0, MAX)).isZero();
    }

    private record Sized(long memoryBytes) implements MemorySized {}

    @ParameterizedTest
    @ValueSource(longs = {20_000, 1_000_000, 9_000_000, 139_000_000})
    void large_aggregates_stay_within_the_bound_together(long bytes) {
        long max = 200_000_000;
        AggregateCache sized = new AggregateCache(200_000, max);

        for (int number = 0; number < 3 * max / bytes; number++) {
            sized.put("large-" + number, entry(new Sized(bytes)));
            assertThat(sized.bytes()).isLessThanOrEqualTo(max);
        }

        assertThat(sized.bytes()).isGreaterThan(max / 3);
    }

    @Test
    void small_aggregates_that_know_their_size_stay_within_the_bound_too() {
        long max = 8_000_000;
        AggregateCache sized = new AggregateCache(200_000, max);

        for (int number = 0; number < 5_000; number++) {
            sized.put("small-" + number, entry(new Sized(10_000)));
            assertThat(sized.bytes()).isLessThanOrEqualTo(max);
        }

        assertThat(sized.count()).isGreaterThan(50);
        assertThat(sized.contains("small-4999")).isTrue();
    }

    @Test
    void a_large_aggregate_pushes_out_no_small_one() {
        others(0, MAX / 2);
        for (int number = 0; number < 100; number++) {
            cache.put("large-" + number, entry(new Sized(Runtime.getRuntime().maxMemory())));
        }

        assertThat(keptOthers(0, MAX / 2)).isEqualTo(MAX / 2);
    }

    @Test
    void an_aggregate_larger_than_the_bound_is_kept_while_it_is_the_one_in_use() {
        AggregateCache sized = new AggregateCache(1_000, 1_000_000);

        sized.put("campaign", entry(new Sized(139_000_000)));

        assertThat(rootOf(sized.get("campaign"))).isEqualTo(new Sized(139_000_000));
        assertThat(sized.count()).isEqualTo(1);
    }

    @Test
    void an_aggregate_that_grows_is_counted_with_its_new_size_and_kept_once() {
        AggregateCache sized = new AggregateCache(1_000, 100_000_000);

        for (long bytes = 1; bytes < 50_000_000; bytes *= 10) {
            sized.put("wallet", entry(new Sized(bytes)));
            assertThat(sized.count()).isEqualTo(1);
            assertThat(sized.bytes()).isEqualTo(AggregateCache.SMALL_BYTES + bytes);
        }
        sized.put("wallet", entry(new Sized(5)));
        assertThat(sized.count()).isEqualTo(1);
        assertThat(sized.bytes()).isEqualTo(AggregateCache.SMALL_BYTES + 5);
        sized.remove("wallet");
        assertThat(sized.bytes()).isZero();
    }

    @Test
    void writers_at_once_lose_nothing_that_they_use() throws Exception {
        int writers = 4;
        CountDownLatch done = new CountDownLatch(writers);
        // Nobody falls behind so far that the others push out what it wrote lately.
        Phaser inStep = new Phaser(writers);
        AggregateCache shared = new AggregateCache(100_000);
        AtomicInteger wrong = new AtomicInteger();
        for (int writer = 0; writer < writers; writer++) {
            String own = "writer-" + writer + "-";
            Thread.ofPlatform().daemon().start(() -> {
                for (int number = 0; number < 50_000; number++) {
                    if (number % 1_000 == 0) {
                        inStep.arriveAndAwaitAdvance();
                    }
                    shared.put(own + number, entry(number));
                    // Written lately: well within what is kept.
                    int lately = Math.max(0, number - 1_000);
                    Object found = rootOf(shared.get(own + lately));
                    if (found == null || !found.equals(lately)) {
                        wrong.incrementAndGet();
                    }
                }
                done.countDown();
            });
        }
        assertThat(done.await(1, TimeUnit.MINUTES)).as("all have written").isTrue();
        assertThat(wrong).hasValue(0);
    }
}
