package dev.onsale.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RacesTest {

    @Test
    void all_tasks_run_at_the_same_time() throws InterruptedException {
        var meeting = new CyclicBarrier(100);

        List<Races.Outcome<Integer>> outcomes = Races.together(100, i -> () -> {
            meeting.await(10, TimeUnit.SECONDS);
            return i;
        });

        assertThat(Races.returned(outcomes)).hasSize(100).isSorted();
    }

    @Test
    void one_winner_is_a_value_and_so_is_every_loser() throws InterruptedException {
        var taken = new AtomicBoolean();

        List<Races.Outcome<String>> outcomes = Races.together(50, i -> () -> {
            if (!taken.compareAndSet(false, true)) {
                throw new IllegalStateException("SEAT_TAKEN");
            }
            return "buyer " + i;
        });

        assertThat(Races.returned(outcomes)).hasSize(1);
        assertThat(Races.failures(outcomes)).hasSize(49).allMatch(cause -> "SEAT_TAKEN".equals(cause.getMessage()));
    }

    @Test
    void a_task_that_is_not_done_in_time_has_failed_and_is_interrupted() throws InterruptedException {
        var never = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);

        List<Races.Outcome<Boolean>> outcomes = Races.together(1, Duration.ofMillis(100), i -> () -> {
            try {
                return never.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });

        assertThat(Races.failures(outcomes)).singleElement().isInstanceOf(TimeoutException.class);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
