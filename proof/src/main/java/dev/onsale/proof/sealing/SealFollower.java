package dev.onsale.proof.sealing;

import dev.onsale.eventlog.StoredEvents;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.proof.seal.Seal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Follows the log and seals new events in its own thread. */
@Component
class SealFollower implements SmartLifecycle, Supervised {

    private static final Logger log = LoggerFactory.getLogger(SealFollower.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final long STOP_SECONDS_MAX = 10;

    private final Sealer sealer;
    private final SealSettings settings;
    private final StoredEvents events;
    private final Counter sealed;
    private final AtomicLong number = new AtomicLong();
    private final AtomicLong position = new AtomicLong();
    private final AtomicLong behind = new AtomicLong();
    private final AtomicLong mismatch = new AtomicLong();
    private final SupervisedWork work = new SupervisedWork("sealer", Duration.ofMinutes(5)).optional();
    private @Nullable Running running;

    private record Running(Thread thread, CountDownLatch stop) {}

    SealFollower(Sealer sealer, SealSettings settings, DataSource dataSource, MeterRegistry registry) {
        this.sealer = sealer;
        this.settings = settings;
        this.events = new StoredEvents(JdbcClient.create(dataSource));
        this.sealed = Counter.builder("onsale.seals.events")
                .description("Events that this process sealed")
                .register(registry);
        Gauge.builder("onsale.seals.number", number, AtomicLong::get)
                .description("Number of the newest seal that this process made")
                .register(registry);
        Gauge.builder("onsale.seals.position", position, AtomicLong::get)
                .description("Position of the newest event that this process sealed")
                .register(registry);
        Gauge.builder("onsale.seals.mismatch", mismatch, AtomicLong::get)
                .description("1 while the tables are not what the last seal covers, and nothing is sealed")
                .register(registry);
        Gauge.builder("onsale.seals.behind", behind, AtomicLong::get)
                .description("Positions between the newest seal and the newest event")
                .register(registry);
    }

    private void follow(CountDownLatch stop) throws InterruptedException {
        Duration pause = Duration.ZERO;
        while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            AtomicBoolean more = new AtomicBoolean();
            boolean done = work.attempt(() -> more.set(step()));
            measure();
            pause = !done ? AFTER_FAILURE : more.get() ? Duration.ZERO : settings.pause();
        }
    }

    /** Returns whether there may be more to seal. */
    private boolean step() {
        Optional<Seal> seal;
        try {
            seal = sealer.sealNextOrFirst();
            mismatch.set(0);
        } catch (SealMismatchException rewritten) {
            if (mismatch.getAndSet(1) == 0) {
                log.error("Nothing is sealed any more: {}", rewritten.getMessage());
            }
            throw rewritten;
        }
        seal.ifPresent(made -> {
            sealed.increment((double) made.events());
            number.set(made.number());
            position.set(made.lastPosition());
        });
        return seal.isPresent() && seal.get().events() >= settings.blockEventsMax();
    }

    /** After a failed step, too: whoever makes the steps fail has time to change what is not sealed yet. */
    private void measure() {
        try {
            behind.set(Math.max(0, events.head() - sealer.lastPosition()));
        } catch (DataAccessException away) {
            log.debug("What is not sealed cannot be counted", away);
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public synchronized void start() {
        if (running == null && settings.enabled()) {
            CountDownLatch stop = new CountDownLatch(1);
            Thread thread = work.thread(work.restarting(() -> stop.getCount() == 0, () -> follow(stop)));
            thread.start();
            running = new Running(thread, stop);
        }
    }

    @Override
    public synchronized void stop() {
        if (running == null) {
            return;
        }
        running.stop().countDown();
        try {
            if (!running.thread().join(Duration.ofSeconds(STOP_SECONDS_MAX))) {
                log.warn("The sealer did not stop in {} s", STOP_SECONDS_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }
}
