package dev.onsale.testsupport;

import dev.onsale.embedded.EmbeddedAddresses;

/** A further source of services for the tests, found by {@link java.util.ServiceLoader} and chosen by its name. */
public interface TestServicesProvider {

    /** The value of {@code -Donsale.test.services} that chooses it. */
    String name();

    /** Starts the services; called at most once. They end with the JVM. */
    EmbeddedAddresses start();
}
