package dev.onsale.standalone.outage;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/**
 * Reads what the process logs at WARN and above. A line about a service that is away begins an outage, which is logged in one line.
 * Until it ends, such lines stay off the console, and the log file takes ten of them in ten seconds. One mechanism for our own lines and
 * those of the libraries.
 */
final class Outages extends TurboFilter {

    /** Whose lines are never held back. */
    static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Outages.class);

    private final Map<Service, Outage> outages = new EnumMap<>(Service.class);
    private final LongSupplier nanoTime;

    Outages(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (Service service : Service.values()) {
            outages.put(service, new Outage());
        }
    }

    Outage of(Service service) {
        return java.util.Objects.requireNonNull(outages.get(service));
    }

    void attachTo(LoggerContext context) {
        setContext(context);
        start();
        context.addTurboFilter(this);
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .iteratorForAppenders()
                .forEachRemaining(appender -> {
                    if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
                        ConsoleFilter filter = new ConsoleFilter();
                        filter.start();
                        console.addFilter(filter);
                    }
                });
    }

    void detach() {
        stop();
        if (getContext() instanceof LoggerContext context) {
            context.getTurboFilterList().remove(this);
        }
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable failure) {
        if (!isStarted()
                || format == null
                || !level.isGreaterOrEqual(Level.WARN)
                || logger.getName().equals(LOG.getName())) {
            return FilterReply.NEUTRAL;
        }
        String message = parameters == null
                ? format
                : MessageFormatter.arrayFormat(format, parameters).getMessage();
        Throwable cause =
                failure == null && parameters != null ? MessageFormatter.getThrowableCandidate(parameters) : failure;
        Service service = concerned(logger.getName(), message, cause);
        if (service == null) {
            return FilterReply.NEUTRAL;
        }
        Outage outage = of(service);
        long now = nanoTime.getAsLong();
        if (outage.failed(now)) {
            LOG.warn("{} is away: {}", service.title, oneLine(message, cause));
        }
        return outage.mayWrite(now) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    private @Nullable Service concerned(String logger, @Nullable String message, @Nullable Throwable failure) {
        Service named = Service.concerned(logger, message, failure);
        if (named != null) {
            return named;
        }
        for (Map.Entry<Service, Outage> outage : outages.entrySet()) {
            if (outage.getKey().isLogger(logger) && outage.getValue().isAway()) {
                return outage.getKey();
            }
        }
        return null;
    }

    private static String oneLine(@Nullable String message, @Nullable Throwable cause) {
        String line = String.valueOf(message).lines().findFirst().orElse("");
        return cause == null ? line : line + " (" + cause.getClass().getSimpleName() + ")";
    }

    /** The console shows the first and the last line of an outage. */
    private final class ConsoleFilter extends Filter<ILoggingEvent> {

        @Override
        public FilterReply decide(ILoggingEvent event) {
            Throwable cause = event.getThrowableProxy() instanceof ThrowableProxy proxy ? proxy.getThrowable() : null;
            boolean outage = Outages.this.isStarted()
                    && event.getLevel().isGreaterOrEqual(Level.WARN)
                    && !event.getLoggerName().equals(LOG.getName())
                    && concerned(event.getLoggerName(), event.getFormattedMessage(), cause) != null;
            return outage ? FilterReply.DENY : FilterReply.NEUTRAL;
        }
    }
}
