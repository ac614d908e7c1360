package dev.onsale.command.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.Test;

/** Who lost against another writer is tried again, a few times, and answered also when the node stops meanwhile. */
class ConflictRetryTest {

    private static final int RETRIES = 200;

    private final ConflictRetry retry = new ConflictRetry();

    @Test
    void retries_that_wait_when_it_closes_are_sent_once_and_later_ones_are_not_taken() {
        AtomicInteger sent = new AtomicInteger();
        for (int index = 0; index < RETRIES; index++) {
            assertThat(schedule(ConflictRetry.TRIES_MAX - 1, new ConcurrencyException("lost"), sent))
                    .isTrue();
        }
        retry.close();
        // One may be under way on the timer's own thread.
        await("every retry").atMost(Duration.ofSeconds(60)).until(() -> sent.get() == RETRIES);
        assertThat(schedule(1, new ConcurrencyException("lost"), sent)).isFalse();
        assertThat(sent).hasValue(RETRIES);
    }

    @Test
    void only_a_conflict_is_tried_again_and_not_for_ever() {
        AtomicInteger sent = new AtomicInteger();
        assertThat(schedule(1, new IllegalStateException("no conflict"), sent)).isFalse();
        assertThat(schedule(ConflictRetry.TRIES_MAX, new ConcurrencyException("lost"), sent))
                .isFalse();
        retry.close();
        assertThat(sent).hasValue(0);
    }

    private boolean schedule(int triesBefore, RuntimeException failure, AtomicInteger sent) {
        CommandMessage<String> command = new GenericCommandMessage<>("command");
        List<Class<? extends Throwable>[]> failures = Collections.nCopies(triesBefore, null);
        return retry.scheduleRetry(command, failure, failures, sent::incrementAndGet);
    }
}
