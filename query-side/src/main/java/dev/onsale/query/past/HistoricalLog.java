package dev.onsale.query.past;

import dev.onsale.api.BuyerId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the log as it was at a moment. */
@Component
public class HistoricalLog {

    private static final int PAGE = 2_000;

    /** A seat that is held and given back over and over must not fill the memory of one request. */
    private static final int AGGREGATE_EVENTS_MAX = 100_000;

    private final StoredEvents events;
    private final Clock clock;

    HistoricalLog(DataSource dataSource, Clock clock) {
        this.events = new StoredEvents(JdbcClient.create(dataSource));
        this.clock = clock;
    }

    /**
     * @param position or
     * @param asOf one of both
     * @throws RefusedException with {@code INVALID_REQUEST} for a moment that is not over, or none, or two
     */
    public LogMoment moment(@Nullable Long position, @Nullable Instant asOf) {
        if ((position == null) == (asOf == null)) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "Give either position or asOf");
        }
        long head = events.head();
        if (position != null && (position < 1 || position > head)) {
            throw new RefusedException(
                    RefusalCode.INVALID_REQUEST, "position is 1 to " + head + ", where the log ends");
        }
        if (asOf != null && asOf.isAfter(clock.instant())) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "asOf is in the future");
        }
        return new LogMoment(position == null ? head : position, asOf);
    }

    /** The events of an aggregate up to a moment, in order; none if it is of another kind, whose payloads are not read. */
    public List<StoredEvent> ofAggregate(String aggregateId, String aggregateType, LogMoment moment) {
        List<StoredEvent> found = new ArrayList<>();
        if (!events.aggregateType(aggregateId).filter(aggregateType::equals).isPresent()) {
            return found;
        }
        for (long from = 0; from < AGGREGATE_EVENTS_MAX; from += PAGE) {
            List<StoredEvent> page = events.ofAggregate(aggregateId, from, PAGE);
            page.stream().filter(moment::covers).forEach(found::add);
            if (page.size() < PAGE) {
                break;
            }
        }
        return found;
    }

    /** The first event of an aggregate; empty if there is none, or if it is of another kind, whose payload is not read. */
    public Optional<StoredEvent> first(String aggregateId, String aggregateType) {
        return events.aggregateType(aggregateId)
                .filter(aggregateType::equals)
                .flatMap(known -> events.ofAggregate(aggregateId, 0, 1).stream().findFirst());
    }

    /** The events of an aggregate after a position of the log, in order, a page of them at most. */
    public List<StoredEvent> ofAggregateAfter(String aggregateId, long position) {
        return events.ofAggregateAfter(aggregateId, position, PAGE);
    }

    /** Events of several aggregates, by aggregate and in order. */
    public record Newer(Map<String, List<StoredEvent>> byAggregate) {

        public List<StoredEvent> of(String aggregateId) {
            return byAggregate.getOrDefault(aggregateId, List.of());
        }
    }

    /** The newest facts of some types about a buyer, the newest first; see {@link StoredEvents#newestOfBuyer}. */
    public List<StoredEvent> newestOfBuyer(
            BuyerId buyer, List<Class<? extends OnsaleEvent>> types, long before, int limit) {
        List<String> payloadTypes =
                types.stream().map(type -> EventCatalogue.typeOf(type).value()).toList();
        return events.newestOfBuyer(buyer.toString(), payloadTypes, before, limit);
    }

    /** What is newer than the newest known sequence number of each aggregate; -1 for none. */
    public Newer newerThan(Map<String, Long> sequences) {
        return new Newer(events.newerThan(sequences).stream().collect(Collectors.groupingBy(StoredEvent::aggregateId)));
    }

    /** The events of all aggregates whose identifier begins with a prefix, up to a moment, aggregate by aggregate. */
    public void ofAggregatesWithPrefix(String prefix, LogMoment moment, Consumer<StoredEvent> consumer) {
        String id = prefix;
        long sequence = -1;
        while (true) {
            List<StoredEvent> page = events.ofAggregatesWithPrefix(prefix, id, sequence, PAGE);
            page.stream().filter(moment::covers).forEach(consumer);
            if (page.size() < PAGE) {
                return;
            }
            id = page.getLast().aggregateId();
            sequence = page.getLast().sequence();
        }
    }

    public <E extends OnsaleEvent> E fact(StoredEvent event, Class<E> family) {
        return family.cast(EventJson.read(event.type(), event.version(), event.payloadJson()));
    }
}
