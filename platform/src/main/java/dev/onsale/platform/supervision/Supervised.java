package dev.onsale.platform.supervision;

import java.util.Collection;

/** A bean that runs threads or periodic tasks. Their health and metrics are published by {@link ThreadsHealthIndicator}. */
@FunctionalInterface
public interface Supervised {

    /** Always the same instances, from the construction of the bean on. Thread-safe. */
    Collection<SupervisedWork> supervisedWork();
}
