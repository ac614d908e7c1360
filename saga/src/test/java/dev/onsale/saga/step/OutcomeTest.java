package dev.onsale.saga.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutcomeTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

    private record Wait(String id, String learned) implements Step {
        Wait(String id) {
            this(id, "");
        }

        @Override
        public String kind() {
            return "wait";
        }
    }

    private static Outcome.Later later(StepResult result, int failures) {
        return (Outcome.Later) Outcome.of(new Wait("a"), result, failures, BACKOFF, NOON);
    }

    @Test
    void a_rate_limited_step_waits_as_long_as_asked_and_longer_with_each_try_at_times_that_differ() {
        Duration asked = Duration.ofSeconds(7);
        StepResult limited = new StepResult.NotBegun(new Wait("a"), "HTTP 429", asked);
        for (int failures = 0; failures < 9; failures++) {
            Duration most = Duration.ofMillis(Math.min(500L << failures, 60_000));
            Set<Instant> dues = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                Outcome.Later later = later(limited, failures);
                assertThat(later.failed()).as("the next pause is longer").isTrue();
                assertThat(Duration.between(NOON, later.due()))
                        .isBetween(asked.plus(most.dividedBy(2)), asked.plus(most));
                dues.add(later.due());
            }
            assertThat(dues).as("not all at the same time").hasSizeGreaterThan(20);
        }
    }

    @Test
    void a_try_without_an_outcome_counts_as_failed_and_keeps_what_the_step_learned() {
        Wait wiser = new Wait("a", "something");
        for (StepResult result : List.of(
                new StepResult.Unresolved(wiser, "timeout"),
                StepResult.Unresolved.unexpected(wiser, "refused"),
                StepResult.Unresolved.failed(wiser, new IllegalStateException("as the test wants it")))) {
            Outcome.Later later = later(result, 20);
            assertThat(later.step()).isEqualTo(wiser);
            assertThat(later.failed()).isTrue();
            assertThat(Duration.between(NOON, later.due())).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
        }
    }

    @Test
    void a_rate_limit_without_a_time_grows_from_the_shortest_pause() {
        StepResult limited = new StepResult.NotBegun(new Wait("a"), "HTTP 429", Duration.ZERO);
        assertThat(Duration.between(NOON, later(limited, 0).due())).isLessThanOrEqualTo(Duration.ofMillis(500));
        assertThat(Duration.between(NOON, later(limited, 20).due())).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void a_step_that_did_not_begin_for_another_reason_comes_again_soon_however_often() {
        Outcome.Later later = later(new StepResult.NotBegun(new Wait("a"), "circuit open"), 50);
        assertThat(later.failed()).isFalse();
        assertThat(Duration.between(NOON, later.due())).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_run_that_went_on_and_has_no_outcome_leaves_the_row_of_the_step_it_reached() {
        Outcome.Replaced replaced = (Outcome.Replaced)
                Outcome.of(new Wait("a"), new StepResult.Unresolved(new Wait("b"), "no answer"), 0, BACKOFF, NOON);
        assertThat(replaced.other()).isEqualTo(new Wait("b"));
        assertThat(Duration.between(NOON, replaced.due())).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    }
}
