package dev.onsale.benchmarks.writepath;

import dev.onsale.api.LogicalType;
import dev.onsale.api.OnsaleCommand;
import java.time.Instant;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * A minimal aggregate with an event of the size of a payment's, one command that creates it and one that changes it.
 */
public class Counter {

    @AggregateIdentifier
    @Nullable
    String id;

    private long count;

    protected Counter() {
        // Used by Axon to create the aggregate before it replays its events.
    }

    Counter(Create command) {
        AggregateLifecycle.apply(new Counted(command.id(), 1, "buyer-" + command.id(), 4_900, command.at()));
    }

    long increment(Increment command) {
        AggregateLifecycle.apply(new Counted(command.id(), count + 1, "buyer-" + command.id(), 4_900, command.at()));
        return count;
    }

    @EventSourcingHandler
    void on(Counted fact) {
        id = fact.id();
        count = fact.count();
    }

    record Create(@TargetAggregateIdentifier String id, Instant at) implements OnsaleCommand {
        @Override
        public String routingKey() {
            return id;
        }
    }

    record Increment(@TargetAggregateIdentifier String id, Instant at) implements OnsaleCommand {
        @Override
        public String routingKey() {
            return id;
        }
    }

    @LogicalType("onsale-benchmark.counted")
    record Counted(String id, long count, String buyerId, long minorUnits, Instant at) {}
}
