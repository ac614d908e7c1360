package dev.onsale.rehearsal;

import dev.onsale.rehearsal.client.Latencies;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.client.OnsaleClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Load levelling, second by second: how many requests were answered, and how many events were stored. The events are read
 * from the position of the newest one, with one request per second.
 */
final class LoadCurve implements AutoCloseable {

    private static final Duration STEP = Duration.ofSeconds(1);

    /**
     * @param second since the beginning
     * @param requests answered in this second
     * @param events stored in this second
     */
    record Point(int second, long requests, long events) {}

    private final Latencies latencies;
    private final OnsaleClient observer;
    private final String operator;
    private final long startNanos = System.nanoTime();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("load-curve").factory());
    private final List<Sample> samples = new ArrayList<>();

    private record Sample(double second, long requests, long head) {}

    /** Starts to sample. */
    LoadCurve(Latencies latencies, OnsaleClient observer, String operator)
            throws NotDoneException, InterruptedException {
        this.latencies = latencies;
        this.observer = observer;
        this.operator = operator;
        add();
        var unused =
                timer.scheduleWithFixedDelay(this::sample, STEP.toMillis(), STEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sample() {
        try {
            add();
        } catch (NotDoneException missed) {
            // The next sample covers this second, too.
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void add() throws NotDoneException, InterruptedException {
        long head = observer.head(operator);
        long requests = latencies.answered();
        synchronized (samples) {
            samples.add(new Sample((System.nanoTime() - startNanos) / 1e9, requests, head));
        }
    }

    /** A point for each second. What was counted between two samples is spread evenly over the seconds between them. */
    List<Point> points() {
        synchronized (samples) {
            int seconds = (int) Math.ceil(samples.getLast().second());
            List<Point> points = new ArrayList<>();
            for (int second = 0; second < seconds; second++) {
                points.add(new Point(
                        second,
                        Math.round(until(second + 1, Sample::requests) - until(second, Sample::requests)),
                        Math.round(until(second + 1, Sample::head) - until(second, Sample::head))));
            }
            return points;
        }
    }

    private double until(double second, ToLongFunction<Sample> value) {
        for (int next = 1; next < samples.size(); next++) {
            Sample from = samples.get(next - 1);
            Sample to = samples.get(next);
            if (to.second() >= second) {
                double part = Math.max(0, (second - from.second()) / (to.second() - from.second()));
                return value.applyAsLong(from) + part * (value.applyAsLong(to) - value.applyAsLong(from));
            }
        }
        return value.applyAsLong(samples.getLast());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
