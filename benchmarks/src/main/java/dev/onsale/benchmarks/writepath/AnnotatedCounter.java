package dev.onsale.benchmarks.writepath;

import org.axonframework.commandhandling.CommandHandler;

/** The counter as Axon's reference guide writes it, with its handlers on the aggregate: what stock Axon runs. */
public class AnnotatedCounter extends Counter {

    protected AnnotatedCounter() {
        // Axon makes the aggregate and replays its facts.
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
