package dev.onsale.rehearsal;

import dev.onsale.rehearsal.client.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Starts many simulated persons at the same time. */
final class Crowd {

    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private Crowd() {}

    interface Person {
        void act() throws InterruptedException;
    }

    /**
     * Starts all persons and waits for them until the deadline.
     *
     * @param eachDone called whenever a person is done
     * @return number of persons that were interrupted at the deadline
     */
    static int rush(List<? extends Person> people, Deadline deadline, Runnable eachDone) throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            for (Person person : people) {
                threads.execute(() -> {
                    try {
                        if (gate.await(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
                            person.act();
                            done.incrementAndGet();
                            eachDone.run();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                    }
                });
            }
            gate.countDown();
            threads.shutdown();
            threads.awaitTermination(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        }
        RuntimeException broken = failure.get();
        if (broken != null) {
            throw new IllegalStateException("A simulated person failed", broken);
        }
        return people.size() - done.get();
    }
}
