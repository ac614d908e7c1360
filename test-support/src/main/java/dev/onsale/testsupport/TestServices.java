package dev.onsale.testsupport;

import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The services shared by the tests of this JVM. In order of precedence: the addresses in {@code ONSALE_TEST_*}, the
 * provider named by {@code -Donsale.test.services}, the embedded services. Thread-safe.
 */
public final class TestServices {

    static final String CHOICE = "onsale.test.services";
    private static final String EMBEDDED = "embedded";
    private static final String NONE = "none";
    private static final String MYSQL = "ONSALE_TEST_MYSQL";

    private static final Map<String, String> SETTINGS = Map.of(
            // Half the start of the broker is spent in a compiler that pays off only in a longer life.
            "onsale.embedded.kafka.jvm-options", "-XX:TieredStopAtLevel=1");

    private TestServices() {}

    /** The addresses. Starts the services on the first call. */
    public static EmbeddedAddresses shared() {
        return Shared.ADDRESSES;
    }

    /**
     * The embedded services, for tests that restart or kill a service.
     *
     * @throws IllegalStateException if the tests run against other services, where no faults may be injected
     */
    public static EmbeddedServices embedded() {
        EmbeddedServices services = Shared.SERVICES;
        if (services == null) {
            throw new IllegalStateException(
                    "Faults can only be injected into embedded services: run without ONSALE_TEST_* and -D" + CHOICE);
        }
        return services;
    }

    /** Lazy holder: the services start when this class is initialised. */
    private static final class Shared {

        private static final @Nullable EmbeddedServices SERVICES;
        private static final EmbeddedAddresses ADDRESSES;

        static {
            Optional<EmbeddedAddresses> given = given(System.getenv());
            String choice = System.getProperty(CHOICE, EMBEDDED);
            if (given.isPresent()) {
                SERVICES = null;
                ADDRESSES = given.get();
            } else if (choice.equals(NONE)) {
                throw new IllegalStateException(
                        "This run has no services: mark the test class with @Tag(\"services\")");
            } else if (!choice.equals(EMBEDDED)) {
                SERVICES = null;
                ADDRESSES = provider(choice).start();
            } else {
                SERVICES = startEmbedded();
                ADDRESSES = onGivenMySql(SERVICES.addresses(), System.getenv());
            }
        }
    }

    private static EmbeddedServices startEmbedded() {
        Path module = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));
        SETTINGS.forEach((setting, value) -> {
            if (System.getProperty(setting) == null) {
                System.setProperty(setting, value);
            }
        });
        EmbeddedServices services = EmbeddedServices.start(
                EmbeddedOptions.in(module.resolve("target").resolve("embedded")).withFreshData(), System.out::println);
        // The services would also end without this hook, but only after this JVM; the build must wait for their end.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(services::close));
        return services;
    }

    private static TestServicesProvider provider(String name) {
        return ServiceLoader.load(TestServicesProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "No services named '%s' for the tests: build with the Maven profile of that name (-P%s), or leave out -D%s."
                                .formatted(name, name, CHOICE)));
    }

    /** The addresses given by environment variables or system properties. System properties take precedence. */
    static Optional<EmbeddedAddresses> given(Map<String, String> environment) {
        if (Stream.of(Address.values()).allMatch(address -> address.in(environment) == null)) {
            return Optional.empty();
        }
        String redis = Address.REDIS.requiredIn(environment);
        int colon = redis.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalStateException(Address.REDIS.key() + " must be host:port, not " + redis);
        }
        return Optional.of(new EmbeddedAddresses(
                Address.JDBC_URL.requiredIn(environment),
                Address.JDBC_USER.requiredIn(environment),
                Address.JDBC_PASSWORD.requiredIn(environment),
                redis.substring(0, colon),
                Integer.parseInt(redis.substring(colon + 1)),
                Address.KAFKA.requiredIn(environment)));
    }

    /**
     * The same services with the database server of {@code ONSALE_TEST_MYSQL}, a JDBC URL with the parameters of the product's own, if it
     * is set. User and password are those of {@code ONSALE_TEST_MYSQL_USER} ({@code root}) and {@code ONSALE_TEST_MYSQL_PASSWORD}
     * (empty); the user may create databases.
     */
    static EmbeddedAddresses onGivenMySql(EmbeddedAddresses services, Map<String, String> environment) {
        String url = environment.get(MYSQL);
        return url == null
                ? services
                : new EmbeddedAddresses(
                        url,
                        environment.getOrDefault(MYSQL + "_USER", "root"),
                        environment.getOrDefault(MYSQL + "_PASSWORD", ""),
                        services.redisHost(),
                        services.redisPort(),
                        services.kafkaBootstrapServers());
    }

    private enum Address {
        JDBC_URL,
        JDBC_USER,
        JDBC_PASSWORD,
        REDIS,
        KAFKA;

        String key() {
            return "ONSALE_TEST_" + this;
        }

        @Nullable
        String in(Map<String, String> environment) {
            return System.getProperty(key(), environment.get(key()));
        }

        String requiredIn(Map<String, String> environment) {
            String value = in(environment);
            if (value == null) {
                throw new IllegalStateException(key() + " is missing: set the addresses of all services or of none.");
            }
            return value;
        }
    }
}
