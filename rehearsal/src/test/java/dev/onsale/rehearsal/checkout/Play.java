package dev.onsale.rehearsal.checkout;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.ReservationView;
import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.embedded.Service;
import dev.onsale.paymentsimulator.PaymentSimulator;
import dev.onsale.paymentsimulator.SimulatorOptions;
import dev.onsale.proof.invariant.LogEvent;
import dev.onsale.rehearsal.client.Deadline;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.client.OnsaleClient.Issued;
import dev.onsale.rehearsal.client.RequestKind;
import dev.onsale.rehearsal.command.ChildProcess;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.testsupport.TestDatabase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs all cells in one application that is killed twice. The first process runs the cells that do not depend on the
 * end of the hold and is killed when all crashes have been reached. The second process continues them, moves the clock
 * beyond every hold, runs the remaining cells and is killed too. The third process completes everything.
 */
final class Play {

    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
    private static final int AT_ONCE = 8;
    private static final BuyerId OPERATOR = BuyerId.of("matrix-operator");
    private static final Set<ReservationStatus> BOOKED = EnumSet.of(ReservationStatus.CONFIRMED);

    private final List<Cell> cells = Cell.all().stream()
            .filter(cell -> cell.impossibleBecause().isEmpty())
            .toList();
    private final TestDatabase database = TestDatabase.fresh();
    private final Path data =
            Path.of(System.getProperty("basedir", "."), "target", "matrix").toAbsolutePath();
    private final EmbeddedServices services;
    private final PaymentSimulator simulator;
    private final GatewayBooks books;
    private final Stage stage;
    private final int port;
    private final OnsaleClient client;
    private final Deadline deadline = Deadline.in(PATIENCE);
    private final Map<Cell, Issued> coupons = new java.util.concurrent.ConcurrentHashMap<>();
    private Map<BuyerId, String> tokens = Map.of();
    private @Nullable ChildProcess application;
    private @Nullable PerformanceId performance;
    private @Nullable CampaignId campaign;

    /** Uses its own Kafka and Redis, because two applications on one Kafka would share their consumer groups. */
    Play() throws Exception {
        services = EmbeddedServices.start(
                EmbeddedOptions.in(data.resolve("services")).withFreshData().only(Service.REDIS, Service.KAFKA),
                line -> {});
        simulator = PaymentSimulator.start(
                SimulatorOptions.defaults().withSuccessRate(1).withDelay(Duration.ZERO, Duration.ZERO));
        books = new GatewayBooks(simulator.baseUri());
        stage = new Stage(simulator.baseUri());
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        client = new OnsaleClient("http://127.0.0.1:" + port, 2 * AT_ONCE, Duration.ofSeconds(30));
    }

    List<Cell> cells() {
        return cells;
    }

    Stage stage() {
        return stage;
    }

    OnsaleClient client() {
        return client;
    }

    GatewayBooks books() {
        return books;
    }

    Deadline deadline() {
        return deadline;
    }

    int port() {
        return port;
    }

    String kafka() {
        return services.addresses().kafkaBootstrapServers();
    }

    PerformanceId performance() {
        return Objects.requireNonNull(performance);
    }

    Issued coupon(Cell cell) {
        return Objects.requireNonNull(coupons.get(cell), cell::toString);
    }

    String token(BuyerId buyer) {
        return Objects.requireNonNull(tokens.get(buyer), buyer::toString);
    }

    void begin() throws Exception {
        live();
        tokens = tokens();
        String operator = token(OPERATOR);
        performance = client.schedule(operator, "matrix", hall()).orElseThrow("The performance cannot be scheduled");
        campaign = client.launch(operator, "matrix", Sales.campaign(cells.size()))
                .orElseThrow("The campaign cannot be launched");
        List<Cell> first =
                cells.stream().filter(cell -> !cell.row().isInSecondAct()).toList();
        playFirst(first);
        playSecond();
    }

    private void playFirst(List<Cell> first) throws Exception {
        List<Disturbance> plan = new ArrayList<>();
        first.forEach(cell -> plan.addAll(cell.plan(performance())));
        stage.play(plan);
        all(first, cell -> {
            holds(cell, Cell.KEY, cell.seat());
            pays(cell);
            return null;
        });
        all(first.stream().filter(Cell::cancelsWhatIsBooked).toList(), cell -> {
            cancels(cell);
            return null;
        });
        killOnceParked(first);
        stage.play(List.of());
        live();
        awaitSettled(first, cell -> true);
    }

    private void playSecond() throws Exception {
        List<Cell> late = ofStory(Row.Story.LATE);
        List<Cell> unpaid = ofStory(Row.Story.UNPAID);
        List<Cell> second = new ArrayList<>(late);
        second.addAll(unpaid);
        List<Disturbance> plan = new ArrayList<>();
        second.forEach(cell -> plan.addAll(cell.plan(performance())));
        stage.play(plan);
        all(late, cell -> {
            holds(cell, Cell.KEY, cell.seat());
            pays(cell);
            return null;
        });
        until("every late payment waits", () -> late.stream().allMatch(cell -> struck(cell, "awaits")));
        all(unpaid, cell -> {
            holds(cell, Cell.KEY, cell.seat());
            return null;
        });
        until("the late delivery waits", () -> unpaid.stream()
                .filter(cell -> cell.column() == Column.LATE_EVENT)
                .allMatch(cell -> struck(cell, "awaits")));
        stage.signal(MovedClock.SIGNAL);
        until("the holds of late payments are over", () -> {
            Map<String, List<OnsaleEvent>> facts = facts();
            return late.stream()
                    .allMatch(cell -> facts.getOrDefault(cell.reservation().toString(), List.of()).stream()
                            .anyMatch(ReservationExpired.class::isInstance));
        });
        all(late, cell -> {
            // The guard is updated shortly after the log.
            until("the seat of " + cell + " is free", () -> client.hold(
                            token(cell.neighbour()), "seat", performance(), List.of(cell.seat()))
                    .done()
                    .isPresent());
            return null;
        });
        stage.signal("seats-are-gone");
        killOnceParked(second);
        stage.play(List.of());
        live();
        awaitSettled(cells, cell -> true);
        all(late, cell -> {
            String token = token(cell.neighbour());
            ReservationId reservation = new ReservationId(
                    dev.onsale.api.Ids.derived("reservation", cell.neighbour().value(), "seat"));
            return deadline.untilAnswered(() -> client.cancel(token, reservation));
        });
        until("nothing is left to do", () -> stepsLeft() == 0 && sagasLeft() == 0, this::steps);
    }

    private List<Cell> ofStory(Row.Story story) {
        return cells.stream().filter(cell -> cell.row().story == story).toList();
    }

    private boolean struck(Cell cell, String what) {
        return stage.strikes(cell.toString()).stream().anyMatch(strike -> strike.startsWith(what));
    }

    private void killOnceParked(List<Cell> playing) throws Exception {
        Predicate<Cell> crashes = cell -> cell.column().isCrash();
        until(
                "every crash is reached",
                () -> playing.stream()
                        .filter(crashes)
                        .allMatch(cell -> struck(cell, cell.column().strikes().getFirst())),
                () -> playing.stream()
                        .filter(crashes)
                        .filter(cell -> !struck(cell, cell.column().strikes().getFirst()))
                        .toList());
        awaitSettled(playing, crashes.negate());
        ChildProcess living = Objects.requireNonNull(application);
        living.kill();
        application = null;
        playing.stream().filter(crashes).forEach(cell -> stage.struck(cell.toString(), "killed"));
    }

    private void awaitSettled(List<Cell> playing, Predicate<Cell> which) throws Exception {
        Set<Cell> open = new HashSet<>(playing.stream().filter(which).toList());
        until(
                "every payment has its outcome",
                () -> {
                    Map<String, List<OnsaleEvent>> facts = facts();
                    Set<String> steps = steps();
                    open.removeIf(cell -> isSettled(cell, facts)
                            && !steps.contains(cell.payment().toString()));
                    return open.isEmpty();
                },
                () -> List.copyOf(open));
    }

    private static boolean isSettled(Cell cell, Map<String, List<OnsaleEvent>> facts) {
        if (cell.row().story == Row.Story.UNPAID) {
            return facts.getOrDefault(cell.reservation().toString(), List.of()).stream()
                    .anyMatch(ReservationExpired.class::isInstance);
        }
        List<OnsaleEvent> payment = facts.getOrDefault(cell.payment().toString(), List.of());
        return payment.stream()
                .anyMatch(fact -> fact instanceof PaymentVoided
                        || fact instanceof PaymentDeclined
                        || fact instanceof PaymentRefunded
                        || (cell.books() && fact instanceof PaymentCaptured));
    }

    private void holds(Cell cell, String key, SeatLabel seat) throws Exception {
        String token = token(cell.buyer());
        if (cell.row().story != Row.Story.UNPAID) {
            coupons.put(
                    cell,
                    required(
                            cell,
                            deadline.untilAnswered(
                                    () -> client.coupon(token, "coupon", Objects.requireNonNull(campaign)))));
        }
        required(cell, deadline.untilAnswered(() -> client.hold(token, key, performance(), List.of(seat))));
    }

    private void pays(Cell cell) throws Exception {
        boolean empty = cell.row() == Row.DEBIT_POINTS && cell.column() == Column.REFUSAL;
        if (cell.row().withPoints()) {
            long charge = empty ? 1 : Cell.CHARGE;
            required(
                    cell,
                    deadline.untilAnswered(() -> client.charge(
                            token(OPERATOR), "matrix-" + cell.buyer(), cell.buyer(), Money.of(charge, "EUR"))));
        }
        pays(cell, Cell.KEY);
        if (cell.hasRival()) {
            until("the first payment is about to redeem the coupon", () -> struck(cell, "awaits"));
            required(
                    cell,
                    deadline.untilAnswered(() ->
                            client.hold(token(cell.buyer()), "rival", performance(), List.of(cell.rivalsSeat()))));
            pays(cell, "rival");
        }
    }

    private void pays(Cell cell, String key) throws Exception {
        Map<String, Object> method = cell.row().withPoints()
                ? Map.of("type", "points")
                : Map.of("type", "card", "token", key.equals(Cell.KEY) ? cell.card() : "tok_approved");
        Issued coupon = coupon(cell);
        Map<String, Object> request = Map.of(
                "method", method, "coupon", Map.of("campaignId", coupon.campaignId(), "couponId", coupon.couponId()));
        required(
                cell,
                deadline.untilAnswered(() -> client.pay(token(cell.buyer()), key, cell.reservation(key), request)));
    }

    private void cancels(Cell cell) throws Exception {
        String token = token(cell.buyer());
        until(cell + " is booked", () -> {
            ReservationView view =
                    deadline.untilAnswered(() -> client.reservation(RequestKind.WATCH, token, cell.reservation()));
            return view != null
                    && BOOKED.contains(view.status())
                    && view.payment() != null
                    && (cell.cancelsBeforeCapture() || view.payment().status() == PaymentStatus.CAPTURED);
        });
        if (cell.row() == Row.RECORD_REFUND && cell.cancelsBeforeCapture()) {
            until("the gateway has captured " + cell, () -> struck(cell, "awaits"));
        }
        required(cell, deadline.untilAnswered(() -> client.cancel(token, cell.reservation())));
    }

    private static <T> T required(Cell cell, @Nullable T answer) {
        return Objects.requireNonNull(answer, () -> cell + " could not be played");
    }

    private void live() throws Exception {
        EmbeddedAddresses addresses = services.addresses();
        application = ChildProcess.start(
                DisturbedOnsale.class,
                List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                List.of(
                        stage.uri().toString(),
                        "--server.port=" + port,
                        "--management.server.port=0",
                        "--onsale.standalone.development-tokens.enabled=true",
                        "--onsale.standalone.demo=false",
                        "--onsale.standalone.data=" + data,
                        "--onsale.payment.base-url=" + stage.uri(),
                        "--onsale.payment.read-timeout=PT3S",
                        // Calls fail independently here; the circuit breaker is tested elsewhere.
                        "--onsale.payment.circuit-calls-counted=1000",
                        "--onsale.command.payment-window=PT1H",
                        "--onsale.saga.command-timeout=PT3S",
                        "--onsale.saga.step-heartbeat=PT1S",
                        "--onsale.saga.retry-after-min=PT0.2S",
                        "--onsale.saga.retry-after-max=PT1S",
                        "--onsale.saga.expiry-recheck-interval=PT1S",
                        "--spring.datasource.url=" + database.jdbcUrl(),
                        "--spring.datasource.username=" + database.user(),
                        "--spring.datasource.password=" + database.password(),
                        "--spring.data.redis.host=" + addresses.redisHost(),
                        "--spring.data.redis.port=" + addresses.redisPort(),
                        "--spring.kafka.bootstrap-servers=" + addresses.kafkaBootstrapServers()),
                line -> line.contains(DisturbedOnsale.READY));
    }

    private Map<BuyerId, String> tokens() throws Exception {
        List<BuyerId> people = new ArrayList<>();
        cells.forEach(cell -> {
            people.add(cell.buyer());
            people.add(cell.neighbour());
        });
        Map<BuyerId, String> all = new HashMap<>(client.tokens(people, List.of()));
        all.putAll(client.tokens(List.of(OPERATOR), List.of("operator")));
        return all;
    }

    private Map<String, Object> hall() {
        List<Object> rows = new ArrayList<>();
        for (Row row : Row.values()) {
            List<SeatLabel> labels = new ArrayList<>();
            cells.stream().filter(cell -> cell.row() == row).forEach(cell -> {
                labels.add(cell.seat());
                if (cell.hasRival()) {
                    labels.add(cell.rivalsSeat());
                }
            });
            List<Object> seats = new ArrayList<>();
            for (SeatLabel label : labels) {
                seats.add(Map.of(
                        "seat_guid",
                        label,
                        "seat_number",
                        Integer.toString(seats.size() + 1),
                        "category",
                        "Cell",
                        "position",
                        Map.of("x", seats.size() * 10, "y", 0)));
            }
            rows.add(Map.of(
                    "row_number",
                    Integer.toString(rows.size() + 1),
                    "position",
                    Map.of("x", 0, "y", rows.size() * 10),
                    "seats",
                    seats));
        }
        Map<String, Object> sale = new LinkedHashMap<>(Sales.performance());
        sale.put("holdDuration", "PT1H");
        sale.put("prices", Map.of("Cell", Sales.euro(Cell.PRICE)));
        sale.put(
                "seatingPlan",
                Map.of(
                        "name",
                        "The matrix",
                        "categories",
                        List.of(Map.of("name", "Cell", "color", "#E87722")),
                        "zones",
                        List.of(Map.of("name", "All", "position", Map.of("x", 0, "y", 0), "rows", rows)),
                        "size",
                        Map.of("width", 200, "height", 300)));
        return sale;
    }

    List<LogEvent> log() throws Exception {
        return client.events(token(OPERATOR), "", 0);
    }

    private Map<String, List<OnsaleEvent>> facts() throws Exception {
        Map<String, List<OnsaleEvent>> facts = new HashMap<>();
        for (LogEvent event : log()) {
            facts.computeIfAbsent(event.aggregateId(), key -> new ArrayList<>())
                    .add(Objects.requireNonNull(event.fact()));
        }
        return facts;
    }

    /** Payments with pending steps. */
    private Set<String> steps() throws Exception {
        Set<String> steps = new HashSet<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT task_instance FROM saga_step")) {
            while (rows.next()) {
                steps.add(rows.getString(1));
            }
        }
        return steps;
    }

    long stepsLeft() throws Exception {
        // Steps that wait for a deadline stay until it, also those of settled payments.
        return count(
                "saga_step WHERE execution_time < UTC_TIMESTAMP() + INTERVAL " + MovedClock.BY.toHours() + " HOUR");
    }

    long sagasLeft() throws Exception {
        return count("saga");
    }

    private long count(String rows) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + rows)) {
            row.next();
            return row.getLong(1);
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private interface Left {
        Object now() throws Exception;
    }

    private void until(String what, Condition condition) throws Exception {
        until(what, condition, () -> "");
    }

    private void until(String what, Condition condition, Left left) throws Exception {
        while (!condition.holds()) {
            if (deadline.isOver()) {
                throw new AssertionError("Condition not met in time: " + what + " " + left.now());
            }
            deadline.pause(LOOK_AGAIN);
        }
    }

    private interface Part {
        @Nullable
        Object of(Cell cell) throws Exception;
    }

    private static void all(List<Cell> cells, Part part) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Callable<@Nullable Object>> parts = new ArrayList<>();
            cells.forEach(cell -> parts.add(() -> part.of(cell)));
            for (Future<@Nullable Object> played : threads.invokeAll(parts, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                Object unused = played.get(1, TimeUnit.SECONDS);
            }
        }
    }

    void stop() throws Exception {
        if (application != null) {
            application.stop();
        }
        client.close();
        stage.close();
        books.close();
        simulator.close();
        services.close();
    }
}
