package dev.onsale.benchmarks.checkout;

import com.sun.management.OperatingSystemMXBean;
import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.SeatClaim;
import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.benchmarks.ThreadTimes;
import dev.onsale.eventlog.personal.PersonalData;
import dev.onsale.paymentsimulator.PaymentSimulator;
import dev.onsale.paymentsimulator.SimulatorOptions;
import dev.onsale.rehearsal.command.ResultLine;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * {@code ./onsale bench checkout}: all of Onsale and a gateway without delay on one machine. N reservations request
 * their payment at the same time. The measurement ends when the last payment is captured.
 */
public final class CheckoutBench {

    private static final int CHECKOUTS = Integer.getInteger("onsale.bench.checkouts", 10_000);
    private static final int WARM_UP = Integer.getInteger("onsale.bench.warmup-checkouts", 10_000);
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int IN_FLIGHT_MAX = 2_000;
    private static final double AIM_PER_SECOND = 1_000;
    private static final int ROW = 100;
    private static final int THREADS_SHOWN = 20;

    /** Processor time of the last run. */
    private static double cpuMillisEach;

    /** Of that, the simulated gateway. */
    private static double gatewayMillisEach;

    private CheckoutBench() {}

    public static void main(String[] args) throws Exception {
        Path folder = OnsaleServer.folder("checkout");
        boolean pass;
        try (PaymentSimulator gateway = PaymentSimulator.start(
                SimulatorOptions.defaults().withSuccessRate(1).withDelay(Duration.ZERO, Duration.ZERO))) {
            List<String> settings = new ArrayList<>(List.of(args));
            settings.add("--onsale.payment.base-url=" + gateway.baseUri());
            try (OnsaleServer server = OnsaleServer.start(folder, settings)) {
                run(server.context(), "warm-up", WARM_UP);
                pass = report(server.context(), run(server.context(), "measured", CHECKOUTS), cpuMillisEach);
            }
        }
        System.exit(pass ? 0 : 1);
    }

    private static double run(ConfigurableApplicationContext context, String name, int checkouts) throws Exception {
        CommandGateway commands = context.getBean(CommandGateway.class);
        JdbcClient jdbc = context.getBean(JdbcClient.class);
        PersonalData personal = context.getBean(PersonalData.class);
        Executor blocking = new VirtualThreadTaskExecutor("buyer-");
        long already = captured(jdbc);
        PerformanceId performance = PerformanceId.next();
        commands.send(schedule(performance, checkouts)).get(30, TimeUnit.SECONDS);
        List<ReservationId> reservations = new ArrayList<>();
        for (int number = 0; number < checkouts; number++) {
            reservations.add(ReservationId.next());
        }
        Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);
        for (int number = 0; number < checkouts; number++) {
            send(
                    commands,
                    inFlight,
                    CompletableFuture.completedFuture(new HoldSeats(
                            reservations.get(number),
                            performance,
                            BuyerId.of("buyer-" + number),
                            List.of(new SeatClaim(label(number), null)))));
        }
        // The saga's work for the holds is excluded: in a real sale it is done before the buyer pays.
        awaitSagas(jdbc, checkouts);
        long began = System.nanoTime();
        long cpuBefore = cpuNanos();
        ThreadTimes threadsBefore = ThreadTimes.now();
        for (int number = 0; number < checkouts; number++) {
            ReservationId reservation = reservations.get(number);
            BuyerId buyer = BuyerId.of("buyer-" + number);
            send(
                    commands,
                    inFlight,
                    // As in the HTTP endpoint: many concurrent calls on threads that may block.
                    CompletableFuture.supplyAsync(
                            () -> new RequestPayment(
                                    reservation,
                                    performance,
                                    buyer,
                                    PaymentId.next(),
                                    PaymentMethod.Card.withheld(),
                                    null,
                                    null,
                                    personal.sealCardToken(buyer, reservation, "tok_approved"),
                                    null),
                            blocking));
        }
        long deadline = began + PATIENCE.toNanos();
        // A saga ends with its capture. Counting events repeatedly would load the database.
        while (sagas(jdbc) > 0 && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        long cpu = cpuNanos() - cpuBefore;
        long done = captured(jdbc) - already;
        cpuMillisEach = cpu / 1e6 / Math.max(1, done);
        ThreadTimes threads = ThreadTimes.now().since(threadsBefore);
        gatewayMillisEach = threads.nanosOf("payment-simulator") / 1e6 / Math.max(1, done);
        table(threads, done);
        System.err.printf(Locale.ROOT, "%s: %,d of %,d checkouts in %.2f s%n", name, done, checkouts, seconds);
        return done / seconds;
    }

    /** Where the processor time of this process goes. */
    private static void table(ThreadTimes threads, long done) {
        threads.nanos().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(THREADS_SHOWN)
                .forEach(group -> System.err.printf(
                        Locale.ROOT, "  %-55s %6.3f ms%n", group.getKey(), group.getValue() / 1e6 / Math.max(1, done)));
    }

    /** Of this process: the server, the simulated gateway and the load, without database, Redis and Kafka. */
    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    /** Refused commands are missing from the result. */
    private static void send(
            CommandGateway commands, Semaphore inFlight, CompletableFuture<? extends OnsaleCommand> command)
            throws Exception {
        if (!inFlight.tryAcquire(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("No response for 30 s");
        }
        var unused = command.thenCompose(commands::send).whenComplete((answer, failure) -> {
            inFlight.release();
            if (failure != null) {
                System.err.println("failed: " + failure);
            }
        });
    }

    private static void awaitSagas(JdbcClient jdbc, int atLeast) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (sagas(jdbc) < atLeast && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
    }

    private static long sagas(JdbcClient jdbc) {
        return jdbc.sql("SELECT COUNT(*) FROM saga").query(Long.class).single();
    }

    private static long captured(JdbcClient jdbc) {
        return jdbc.sql("SELECT COUNT(*) FROM domain_event WHERE payload_type = 'onsale.payment-captured'")
                .query(Long.class)
                .single();
    }

    private static boolean report(
            ConfigurableApplicationContext context, double perSecond, double cpuMillisPerCheckout) {
        JdbcClient jdbc = context.getBean(JdbcClient.class);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "checkout");
        result.put("checkouts", CHECKOUTS);
        result.put("checkouts_per_s", Math.round(perSecond));
        result.put("aim_per_s", AIM_PER_SECOND);
        result.put("cpu_ms_per_checkout", ResultLine.rounded(cpuMillisPerCheckout));
        result.put("gateway_cpu_ms_per_checkout", ResultLine.rounded(gatewayMillisEach));
        result.put("cores", Runtime.getRuntime().availableProcessors());
        result.put(
                "database_questions",
                jdbc.sql(
                                "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'QUESTIONS'")
                        .query(Long.class)
                        .single());
        boolean pass = perSecond >= AIM_PER_SECOND;
        result.put("pass", pass);
        System.out.printf(Locale.ROOT, "completed checkouts  %,.0f /s%n", perSecond);
        ResultLine.print(System.out, result);
        return pass;
    }

    /** A sale of so many seats that has begun. */
    public static SchedulePerformance schedule(PerformanceId performance, int seats) {
        List<SeatingPlan.Row> rows = new ArrayList<>();
        for (int row = 0; row * ROW < seats; row++) {
            List<SeatingPlan.Seat> places = new ArrayList<>();
            for (int seat = 0; seat < ROW; seat++) {
                places.add(new SeatingPlan.Seat(label(row * ROW + seat), Integer.toString(seat), 0, seat, row));
            }
            rows.add(new SeatingPlan.Row(Integer.toString(row), 0, row, places));
        }
        SeatingPlan plan = new SeatingPlan(
                "Bench",
                List.of(new SeatingPlan.Category("Stalls", "")),
                List.of(new SeatingPlan.Zone("A", 0, 0, rows)),
                100,
                100);
        Instant now = Instant.now();
        return new SchedulePerformance(
                performance,
                "Bench",
                now.plus(Duration.ofDays(1)),
                plan,
                List.of(new PriceZone("Stalls", Money.of(4_900, "EUR"))),
                now.minus(Duration.ofHours(1)),
                now.plus(Duration.ofHours(20)),
                4,
                Duration.ofMinutes(30),
                false);
    }

    /** Label of the n-th seat of {@link #schedule}. */
    public static SeatLabel label(int number) {
        return SeatLabel.of("S-" + number / ROW + "-" + number % ROW);
    }
}
