package dev.onsale.standalone.outage;

import dev.onsale.platform.supervision.PeriodicBean;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.standalone.outage.Outage.Ended;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.beans.factory.DisposableBean;

/**
 * Checks every second whether a service that was away is back: it had no failure for some time and responds to a probe.
 */
final class OutageWatch extends PeriodicBean implements DisposableBean {

    static final String GAUGE = "onsale.service.away";

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);
    private static final Duration QUIET = Duration.ofSeconds(5);

    private final Outages outages;
    private final Map<Service, Callable<Boolean>> probes;

    OutageWatch(Outages outages, Map<Service, Callable<Boolean>> probes, MeterRegistry registry) {
        super(new SupervisedWork("outage-watch", SILENT_MAX).optional(), EVERY);
        this.outages = outages;
        this.probes = probes;
        for (Service service : Service.values()) {
            Gauge.builder(GAUGE, outages, all -> all.of(service).isAway() ? 1 : 0)
                    .description("1 while the service is away")
                    .tag("service", service.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    /** First of all, last to stop. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    @Override
    protected void round() {
        check(System.nanoTime());
    }

    @Override
    public void destroy() {
        outages.detach();
    }

    void check(long nanos) {
        for (Service service : Service.values()) {
            Outage outage = outages.of(service);
            if (outage.isQuietFor(QUIET, nanos) && answers(service)) {
                Ended ended = outage.end(nanos);
                Outages.LOG.warn(
                        "{} is back after {} s; of {} lines about it {} are in the log",
                        service.title,
                        ended.lasted().toSeconds(),
                        ended.failures(),
                        ended.failures() - ended.suppressed());
            }
        }
    }

    private boolean answers(Service service) {
        Callable<Boolean> probe = probes.get(service);
        try {
            return probe == null || probe.call();
        } catch (Exception away) {
            return false;
        }
    }
}
