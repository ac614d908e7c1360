package dev.onsale.testsupport;

import dev.onsale.embedded.EmbeddedAddresses;

/** Another source of test services, found by {@link java.util.ServiceLoader} and selected by name. */
public interface TestServicesProvider {

    /** The value of {@code -Donsale.test.services} that selects this provider. */
    String name();

    /** Starts the services. Called at most once. They end with the JVM. */
    EmbeddedAddresses start();
}
