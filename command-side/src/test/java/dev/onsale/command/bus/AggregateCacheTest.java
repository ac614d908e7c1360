package dev.onsale.command.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventsourcing.NoSnapshotTriggerDefinition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

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

    @Test
    void writers_at_once_lose_nothing_that_they_use() throws Exception {
        int writers = 4;
        CountDownLatch done = new CountDownLatch(writers);
        AggregateCache shared = new AggregateCache(100_000);
        AtomicInteger wrong = new AtomicInteger();
        for (int writer = 0; writer < writers; writer++) {
            String own = "writer-" + writer + "-";
            Thread.ofPlatform().daemon().start(() -> {
                for (int number = 0; number < 50_000; number++) {
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
