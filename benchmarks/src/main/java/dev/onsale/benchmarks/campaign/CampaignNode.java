package dev.onsale.benchmarks.campaign;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Ids;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.coupon.IssueCoupon;
import dev.onsale.api.coupon.LaunchCampaign;
import dev.onsale.command.CommandSideConfiguration;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventProcessor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command side in a separate process for one measurement, so that no cache is filled and no code is compiled. The
 * event processors (guard, publisher) are stopped, because they would be far behind and use CPU time.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(CommandSideConfiguration.class)
public class CampaignNode {

    static final String ANSWER = "NODE ";

    private static final int IN_FLIGHT = 4_096;
    private static final int QUANTITY = 10_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration WARM_UP = Duration.ofSeconds(1);
    private static final int WARM_UP_TURNS = 3;
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("onsale.bench.seconds", 6));
    private static final long MEGABYTE = 1 << 20;

    private final CommandGateway commands;
    private final JdbcClient jdbc;

    private CampaignNode(ConfigurableApplicationContext context) {
        this.commands = context.getBean(CommandGateway.class);
        this.jdbc = context.getBean(JdbcClient.class);
    }

    @Bean
    Clock clock() {
        return Clock.tickMillis(ZoneOffset.UTC);
    }

    @Bean
    ReactiveJwtDecoder noTokens() {
        return token -> Mono.error(new BadJwtException("the benchmark sends commands without HTTP"));
    }

    /** Arguments: the measurement, the campaign, the number of coupons to issue, then settings for Spring. */
    public static void main(String[] arguments) throws Exception {
        // A node must not survive the kill of its benchmark.
        ProcessHandle.current().parent().ifPresent(parent -> {
            var unused = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
        });
        SpringApplication application = new SpringApplication(CampaignNode.class);
        application.setLogStartupInfo(false);
        int settings = 3;
        String[] options = java.util.Arrays.copyOfRange(arguments, settings, arguments.length);
        Map<String, Object> answer;
        try (ConfigurableApplicationContext context = application.run(options)) {
            context.getBean(org.axonframework.config.Configuration.class)
                    .eventProcessingConfiguration()
                    .eventProcessors()
                    .values()
                    .forEach(EventProcessor::shutDown);
            CampaignNode node = new CampaignNode(context);
            CampaignId campaign = CampaignId.of(arguments[1]);
            answer = switch (arguments[0]) {
                case "fill" -> node.fill(campaign, Integer.parseInt(arguments[2]));
                case "load" -> node.load(campaign);
                case "issue" -> node.loadAndIssue(campaign);
                default -> throw new IllegalArgumentException(arguments[0]);
            };
        }
        System.out.println(ANSWER + JsonMapper.builder().build().writeValueAsString(answer));
        System.exit(0);
    }

    private Map<String, Object> fill(CampaignId campaign, int coupons) throws InterruptedException {
        launch(campaign);
        long begun = System.nanoTime();
        issue(campaign, "filler", coupons, Long.MAX_VALUE);
        double seconds = seconds(begun);
        awaitSnapshot(campaign);
        return Map.of("fill_s", seconds, "snapshot_bytes", snapshotBytes(campaign));
    }

    private Map<String, Object> load(CampaignId campaign) throws InterruptedException {
        Map<String, Object> answer = new LinkedHashMap<>();
        long before = heapInUse();
        long begun = System.nanoTime();
        CouponIssued issued = issueOne(campaign);
        answer.put("load_s", seconds(begun));
        answer.put("heap_mb", (heapInUse() - before) / (double) MEGABYTE);
        answer.put("rank", issued.rank());
        awaitSnapshot(campaign);
        return answer;
    }

    private Map<String, Object> loadAndIssue(CampaignId campaign) throws InterruptedException {
        Map<String, Object> answer = load(campaign);
        CampaignId empty = CampaignId.next();
        launch(empty);
        for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
            issueFor(empty, WARM_UP);
            issueFor(campaign, WARM_UP);
        }
        // Empty, full, empty: a steady change of speed during the measurement affects both equally.
        double emptyBefore = issueFor(empty, MEASURED.dividedBy(2));
        answer.put("full_per_s", issueFor(campaign, MEASURED));
        double emptyAfter = issueFor(empty, MEASURED.dividedBy(2));
        answer.put("empty_per_s", (emptyBefore + emptyAfter) / 2);
        return answer;
    }

    private void launch(CampaignId campaign) {
        Instant now = Instant.EPOCH.plusMillis(System.currentTimeMillis());
        commands.sendAndWait(
                new LaunchCampaign(
                        campaign,
                        "One of a million",
                        QUANTITY,
                        1,
                        now.minusSeconds(60),
                        now.plusSeconds(3_600),
                        new Discount(10, null, null)),
                PATIENCE.toSeconds(),
                TimeUnit.SECONDS);
    }

    private CouponIssued issueOne(CampaignId campaign) {
        return commands.sendAndWait(
                command(campaign, Ids.timeOrdered().toString()), PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The command of a request: the coupon's id is derived, and the buyer's subject has 36 characters. */
    private static IssueCoupon command(CampaignId campaign, String buyer) {
        return new IssueCoupon(
                campaign, new CouponId(Ids.derived("coupon", campaign.toString(), buyer, "key")), BuyerId.of(buyer));
    }

    private double issueFor(CampaignId campaign, Duration time) throws InterruptedException {
        long begun = System.nanoTime();
        long issued = issue(campaign, Ids.timeOrdered().toString(), Integer.MAX_VALUE, begun + time.toNanos());
        return issued / seconds(begun);
    }

    private long issue(CampaignId campaign, String run, int max, long endNanos) throws InterruptedException {
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        LongAdder done = new LongAdder();
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        for (int number = 0; number < max && System.nanoTime() < endNanos; number++) {
            if (!inFlight.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("No response for " + PATIENCE);
            }
            String buyer = Ids.derived(run, Integer.toString(number)).toString();
            var unused = commands.send(command(campaign, buyer)).whenComplete((answer, failure) -> {
                if (failure == null) {
                    done.increment();
                } else {
                    failed.compareAndSet(null, failure);
                }
                inFlight.release();
            });
        }
        if (!inFlight.tryAcquire(IN_FLIGHT, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("Not every command had a response");
        }
        if (failed.get() != null) {
            throw new IllegalStateException("A coupon was not issued", failed.get());
        }
        return done.sum();
    }

    /** Waits for a snapshot in progress. It belongs to the cost of issuing but must not affect the next measurement. */
    private void awaitSnapshot(CampaignId campaign) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (snapshotBytes(campaign) == 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** Size of the snapshot; 0 if there is no complete one. */
    private long snapshotBytes(CampaignId campaign) {
        return jdbc.sql("SELECT COALESCE(SUM(LENGTH(p.payload)), 0) FROM snapshot_event s JOIN snapshot_part p"
                        + " ON p.aggregate_identifier = s.aggregate_identifier AND p.sequence_number = s.sequence_number"
                        + " WHERE s.aggregate_identifier = :id")
                .param("id", campaign.toString())
                .query(Long.class)
                .single();
    }

    private static long heapInUse() {
        var memory = ManagementFactory.getMemoryMXBean();
        // Twice, because objects freed by the first run may release more.
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static double seconds(long begunNanos) {
        return (System.nanoTime() - begunNanos) / 1e9;
    }
}
