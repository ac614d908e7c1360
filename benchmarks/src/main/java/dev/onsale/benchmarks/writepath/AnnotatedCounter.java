package dev.onsale.benchmarks.writepath;

import org.axonframework.commandhandling.CommandHandler;

/** The counter with its handlers on the aggregate, as in Axon's reference guide. Used for stock Axon. */
public class AnnotatedCounter extends Counter {

    protected AnnotatedCounter() {
        // Used by Axon to create the aggregate before it replays its events.
    }

    @CommandHandler
    AnnotatedCounter(Create command) {
        super(command);
    }

    @CommandHandler
    long handle(Increment command) {
        return increment(command);
    }
}
