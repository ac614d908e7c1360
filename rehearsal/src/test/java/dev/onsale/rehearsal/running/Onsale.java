package dev.onsale.rehearsal.running;

import dev.onsale.api.Ids;
import dev.onsale.api.Topics;
import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.paymentsimulator.PaymentSimulator;
import dev.onsale.paymentsimulator.SimulatorOptions;
import dev.onsale.standalone.OnsaleApplication;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** All of Onsale in this process, on the shared test services, with a payment simulator without delay. */
public final class Onsale implements AutoCloseable {

    /** How long a payment may extend a hold. */
    public static final Duration PAYMENT_WINDOW = Duration.ofSeconds(10);

    private static final String OPERATOR = "operator";

    private final EmbeddedAddresses services;
    private final TestDatabase database;
    private final SimulatorOptions gatewayOptions;
    private final ConfigurableApplicationContext context;
    private final Path data;
    private final Http http;
    private final AuditLog log;
    private PaymentSimulator gateway;

    private Onsale(EmbeddedAddresses addresses, String... more) {
        services = addresses;
        database = TestDatabase.fresh();
        data = Path.of(System.getProperty("basedir", "."), "target", "onsale-" + Ids.timeOrdered())
                .toAbsolutePath();
        SimulatorOptions options = SimulatorOptions.defaults()
                .withSuccessRate(1)
                .withDelay(Duration.ZERO, Duration.ofMillis(20))
                .withLedgerFile(data.resolveSibling("gateway-" + Ids.timeOrdered() + ".ledger"));
        gateway = PaymentSimulator.start(options);
        gatewayOptions = options.withPort(gateway.baseUri().getPort());
        SpringApplication application = new SpringApplication(OnsaleApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setRegisterShutdownHook(false);
        List<String> settings = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--onsale.standalone.development-tokens.enabled=true",
                "--onsale.standalone.demo=false",
                "--onsale.standalone.data=" + data,
                "--onsale.payment.base-url=" + gateway.baseUri(),
                // Short times, so that tests of late payments and of the circuit breaker do not wait for minutes.
                "--onsale.command.payment-window=" + PAYMENT_WINDOW,
                // SupervisedProductTest waits for two rounds of each periodic task.
                "--onsale.command.answers.clean-every=PT5S",
                "--onsale.consistency.every=PT10S",
                "--onsale.payment.circuit-open-duration=PT1S",
                "--onsale.saga.retry-after-min=PT2S",
                "--onsale.saga.retry-after-max=PT4S",
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password(),
                "--spring.data.redis.host=" + services.redisHost(),
                "--spring.data.redis.port=" + services.redisPort(),
                "--spring.kafka.bootstrap-servers=" + services.kafkaBootstrapServers()));
        // Spring joins the values of a repeated argument.
        for (String setting : more) {
            settings.removeIf(earlier -> earlier.startsWith(setting.substring(0, setting.indexOf('=') + 1)));
            settings.add(setting);
        }
        context = application.run(settings.toArray(String[]::new));
        http = new Http("http://127.0.0.1:" + port());
        log = new AuditLog(this);
    }

    static Onsale start() {
        return new Onsale(TestServices.shared());
    }

    /**
     * An application with additional settings, which override the defaults.
     *
     * @param own addresses of separate services: two applications on one Kafka would share their consumer groups
     */
    public static Onsale with(EmbeddedAddresses own, String... settings) {
        return new Onsale(own, settings);
    }

    public int port() {
        return Objects.requireNonNull(((ReactiveWebServerApplicationContext) context).getWebServer())
                .getPort();
    }

    /** Beans, for tests of what HTTP does not show. */
    public <T> List<T> beans(Class<T> type) {
        return context.getBeanProvider(type).stream().toList();
    }

    public List<String> beanNames(Class<?> type) {
        return List.of(context.getBeanNamesForType(type));
    }

    /** Folder with the key of the development issuer. */
    public Path data() {
        return data;
    }

    public TestDatabase database() {
        return database;
    }

    public String kafka() {
        return services.kafkaBootstrapServers();
    }

    public String redis() {
        return "redis://" + services.redisHost() + ":" + services.redisPort();
    }

    public static List<String> topics() {
        return List.of(Topics.RESERVATION_EVENTS, Topics.COUPON_EVENTS);
    }

    public Request get(String path) {
        return http.request("GET", path);
    }

    public Request post(String path) {
        return http.request("POST", path);
    }

    public Request delete(String path) {
        return http.request("DELETE", path);
    }

    public Request request(String method, String path) {
        return http.request(method, path);
    }

    /** A person with a bearer token. */
    public Person person(String name) throws Exception {
        return people(List.of(name)).getFirst();
    }

    public List<Person> people(List<String> names) throws Exception {
        var tokens = tokens(names, List.of());
        return names.stream()
                .map(name -> new Person(this, name, tokens.path(name).asString()))
                .toList();
    }

    /** Bearer token of the shared operator. */
    public String operator() throws Exception {
        return tokens(List.of(OPERATOR), List.of("operator")).path(OPERATOR).asString();
    }

    private tools.jackson.databind.JsonNode tokens(List<String> subjects, List<String> roles) throws Exception {
        return post("/dev/tokens")
                .json(Map.of("subjects", subjects, "roles", roles))
                .send()
                .require(200)
                .path("tokens");
    }

    public AuditLog log() {
        return log;
    }

    /** The gateway's ledger entries of one payment, in order. */
    public List<String> bookedAtGateway(String paymentId) throws Exception {
        try (Http books = new Http(gateway.baseUri().toString())) {
            return books.request("GET", "/v1/ledger?limit=1000")
                    .send()
                    .require(200)
                    .path("entries")
                    .valueStream()
                    .filter(entry -> entry.path("reference").asString().equals(paymentId))
                    .map(entry -> entry.path("kind").asString() + " "
                            + entry.path("amount").path("minorUnits").asLong())
                    .toList();
        }
    }

    /** Closes the gateway to connections until {@link #gatewayComesBack}. Its ledger is kept. */
    public void gatewayGoesAway() {
        gateway.close();
    }

    public void gatewayComesBack() {
        gateway = PaymentSimulator.start(gatewayOptions);
    }

    @Override
    public void close() {
        http.close();
        context.close();
        gateway.close();
    }
}
