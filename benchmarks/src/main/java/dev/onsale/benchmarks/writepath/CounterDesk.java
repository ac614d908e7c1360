package dev.onsale.benchmarks.writepath;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Repository;

/** Handles the commands of counters outside the aggregate, as Onsale's own command handlers do. */
final class CounterDesk {

    private final Repository<Counter> counters;

    CounterDesk(Repository<Counter> counters) {
        this.counters = counters;
    }

    @CommandHandler
    void handle(Counter.Create command) throws Exception {
        var unused = counters.newInstance(() -> new Counter(command));
    }

    @CommandHandler
    long handle(Counter.Increment command) {
        return counters.load(command.id()).invoke(counter -> counter.increment(command));
    }
}
