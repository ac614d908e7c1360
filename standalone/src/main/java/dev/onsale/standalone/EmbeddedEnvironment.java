package dev.onsale.standalone;

import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.embedded.EmbeddedServicesException;
import dev.onsale.embedded.Service;
import dev.onsale.paymentsimulator.PaymentSimulator;
import dev.onsale.paymentsimulator.SimulatorOptions;
import dev.onsale.paymentsimulator.Webhooks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts an embedded service for each address that is not configured, before the application context exists, and stops
 * it after the context has closed. Runs before logging is set up, because the location of the log depends on the data
 * folder.
 */
final class EmbeddedEnvironment
        implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered, AutoCloseable {

    private static final String DATABASE = "spring.datasource.url";
    private static final String REDIS = "spring.data.redis.host";
    private static final String KAFKA = "spring.kafka.bootstrap-servers";
    private static final String WEBHOOK_SECRET = "onsale.payment.webhook.secret";
    private static final String GATEWAY = "onsale.payment.base-url";

    private final Consumer<String> progress;
    private @Nullable EmbeddedServices services;
    private @Nullable PaymentSimulator payments;
    private boolean closed;

    EmbeddedEnvironment(Consumer<String> progress) {
        this.progress = progress;
    }

    /** After the configuration files are read, before the logging system starts. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 11;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        ConfigurableEnvironment environment = event.getEnvironment();
        StandaloneProperties properties =
                Binder.get(environment).bindOrCreate("onsale.standalone", StandaloneProperties.class);
        Map<String, Object> found = new HashMap<>();
        TokenIssuerCheck.check(environment, found);
        requireFreePort(environment, "server.port", "--port");
        requireFreePort(environment, "management.server.port", "--management.server.port");
        Path data = properties.data().toAbsolutePath().normalize();
        requireWritable(data);
        found.put("onsale.standalone.data", data.toString());
        environment.getPropertySources().addFirst(new MapPropertySource("onsale-surroundings", found));
        startServices(environment, data, found);
        startPayments(environment, properties.payments(), data, found);
    }

    private synchronized void startServices(ConfigurableEnvironment environment, Path data, Map<String, Object> found) {
        List<Service> missing = new ArrayList<>();
        addIfMissing(environment, DATABASE, Service.MARIADB, missing);
        addIfMissing(environment, REDIS, Service.REDIS, missing);
        addIfMissing(environment, KAFKA, Service.KAFKA, missing);
        if (closed || missing.isEmpty()) {
            return;
        }
        progress.accept("Starting " + missing + " for this run; the data is in " + data);
        EmbeddedServices started = EmbeddedServices.start(
                EmbeddedOptions.in(data)
                        .only(missing.getFirst(), missing.stream().skip(1).toArray(Service[]::new)),
                line -> progress.accept("  " + line));
        services = started;
        EmbeddedAddresses addresses = started.addresses();
        if (missing.contains(Service.MARIADB)) {
            found.put(DATABASE, addresses.jdbcUrl());
            found.put("spring.datasource.username", addresses.jdbcUser());
            found.put("spring.datasource.password", addresses.jdbcPassword());
        }
        if (missing.contains(Service.REDIS)) {
            found.put(REDIS, addresses.redisHost());
            found.put("spring.data.redis.port", addresses.redisPort());
        }
        if (missing.contains(Service.KAFKA)) {
            found.put(KAFKA, addresses.kafkaBootstrapServers());
        }
    }

    private synchronized void startPayments(
            ConfigurableEnvironment environment,
            StandaloneProperties.Payments settings,
            Path data,
            Map<String, Object> found) {
        if (closed || environment.containsProperty(GATEWAY)) {
            return;
        }
        PaymentSimulator started = PaymentSimulator.start(SimulatorOptions.defaults()
                .withSuccessRate(settings.successRate())
                .withDelay(Duration.ZERO, settings.delayMax())
                .withWebhooks(webhooks(environment, found))
                .withLedgerFile(data.resolve("payments").resolve("ledger.jsonl")));
        payments = started;
        found.put(GATEWAY, started.baseUri().toString());
        progress.accept("  Payment simulator: ready on " + started.baseUri());
    }

    /** Webhooks are signed with a random secret per run, because sender and receiver are in this process. */
    private static @Nullable Webhooks webhooks(ConfigurableEnvironment environment, Map<String, Object> found) {
        int port = environment.getProperty("server.port", Integer.class, 0);
        if (port == 0) {
            return null;
        }
        String secret = environment.getProperty(WEBHOOK_SECRET, "");
        if (secret.isEmpty()) {
            secret = UUID.randomUUID().toString();
            found.put(WEBHOOK_SECRET, secret);
        }
        return new Webhooks(
                URI.create("http://127.0.0.1:" + port + "/api/payment-webhooks"), secret, 0, 0, Duration.ZERO);
    }

    private static void addIfMissing(
            ConfigurableEnvironment environment, String property, Service service, List<Service> missing) {
        if (!environment.containsProperty(property)) {
            missing.add(service);
        }
    }

    private static void requireFreePort(ConfigurableEnvironment environment, String property, String option) {
        int port = environment.getProperty(property, Integer.class, 0);
        if (port <= 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress((InetAddress) null, port));
        } catch (IOException taken) {
            throw new StartFailure("Port " + port + " is taken: stop what uses it, or choose another with " + option
                    + " (for example " + option + (option.equals("--port") ? " " : "=") + (port + 10) + ")");
        }
    }

    private static void requireWritable(Path data) {
        try {
            Files.createDirectories(data.resolve("payments"));
            Files.delete(Files.createTempFile(data, "write", ".probe"));
        } catch (IOException e) {
            throw new StartFailure("The data folder " + data
                    + " cannot be written: change its owner, or choose another with --data DIR");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (payments != null) {
            payments.close();
            payments = null;
        }
        if (services != null) {
            try {
                services.close();
            } catch (EmbeddedServicesException e) {
                progress.accept(String.valueOf(e.getMessage()));
            }
            services = null;
            progress.accept("Stopped. Everything is kept; start again with ./onsale run");
        }
    }
}
