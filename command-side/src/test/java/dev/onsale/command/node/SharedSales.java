package dev.onsale.command.node;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.performance.CloseSale;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.wallet.ChargePoints;
import dev.onsale.api.wallet.DebitPoints;
import dev.onsale.command.guard.TestSale;
import dev.onsale.platform.failure.Causes;
import dev.onsale.testsupport.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Random commands for few sales, each through a random node. Every answer is noted with what the store had before and after it. */
final class SharedSales implements AutoCloseable {

    static final int SEATS = 4;
    static final int COUPONS = 40;
    private static final int SALES = 3;
    private static final int BUYERS = 60;
    private static final int THREADS = 6;
    private static final int SECONDS_MAX = 60;

    /**
     * One answer.
     *
     * @param subject the aggregate that the answer is about
     * @param before newest sequence number of the subject before the command was sent, -1 for none
     * @param after the same after the answer
     * @param answer a fact, or {@code null} for none
     */
    record Answered(
            OnsaleCommand command,
            String subject,
            long before,
            long after,
            @Nullable Object answer,
            @Nullable RefusalCode refusal,
            @Nullable Throwable failure) {}

    private final TestDatabase database;
    private final List<CommandGateway> nodes;
    private final Queue<Answered> answers = new ConcurrentLinkedQueue<>();
    private final Queue<ReservationHeld> held = new ConcurrentLinkedQueue<>();
    private final AtomicReferenceArray<PerformanceId> sales = new AtomicReferenceArray<>(SALES);
    private final AtomicReferenceArray<CampaignId> campaigns = new AtomicReferenceArray<>(SALES);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean stopped;

    SharedSales(TestDatabase database, List<CommandGateway> nodes) {
        this.database = database;
        this.nodes = nodes;
        for (int sale = 0; sale < SALES; sale++) {
            replaceSale(sale);
            replaceCampaign(sale);
        }
        for (int thread = 0; thread < THREADS; thread++) {
            var unused = threads.submit(this::work);
        }
    }

    private void work() {
        JdbcClient jdbc = JdbcClient.create(
                new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password()));
        while (!stopped) {
            order(ThreadLocalRandom.current(), jdbc);
        }
    }

    private void order(Random random, JdbcClient jdbc) {
        int sale = random.nextInt(SALES);
        BuyerId buyer = BuyerId.of("buyer-" + random.nextInt(BUYERS));
        int kind = random.nextInt(100);
        if (kind < 45) {
            PerformanceId performance = sales.get(sale);
            int seat = 1 + random.nextInt(SEATS);
            BuyerId somebody = BuyerId.of("one-" + UUID.randomUUID());
            HoldSeats hold = TestSale.hold(ReservationId.next(), performance, somebody, seat, null);
            if (send(random, jdbc, hold, new SeatId(performance, TestSale.label(seat)).toString())
                    instanceof ReservationHeld fact) {
                held.add(fact);
            }
        } else if (kind < 65) {
            ReservationHeld mine = held.poll();
            if (mine != null) {
                send(
                        random,
                        jdbc,
                        new CancelReservation(mine.reservationId(), mine.performanceId(), mine.buyerId()),
                        mine.reservationId().toString());
            }
        } else if (kind < 68) {
            PerformanceId performance = sales.get(sale);
            send(random, jdbc, new CloseSale(performance, OperatorId.of("operator")), performance.toString());
            replaceSale(sale);
        } else if (kind < 85) {
            CampaignId campaign = campaigns.get(sale);
            send(random, jdbc, TestSale.issue(campaign, buyer), campaign.toString());
        } else if (kind < 86) {
            replaceCampaign(sale);
        } else if (kind < 93) {
            send(random, jdbc, new ChargePoints(buyer, new ChargeId(UUID.randomUUID()), euros(100)), wallet(buyer));
        } else {
            DebitPoints debit = new DebitPoints(buyer, PaymentId.next(), ReservationId.next(), euros(80));
            send(random, jdbc, debit, wallet(buyer));
        }
    }

    private static Money euros(int amount) {
        return Money.of(amount, "EUR");
    }

    static String wallet(BuyerId buyer) {
        return "wallet:" + buyer;
    }

    private @Nullable Object send(Random random, JdbcClient jdbc, OnsaleCommand command, String subject) {
        long before = newest(jdbc, subject);
        Object answer = null;
        RefusalCode refusal = null;
        Throwable failure = null;
        try {
            answer = nodes.get(random.nextInt(nodes.size())).send(command).get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            RefusedException refused = Causes.find(e, RefusedException.class);
            refusal = refused == null ? null : refused.code();
            failure = refused == null ? e : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        answers.add(new Answered(command, subject, before, newest(jdbc, subject), answer, refusal, failure));
        return answer;
    }

    private static long newest(JdbcClient jdbc, String aggregate) {
        return jdbc.sql("SELECT COALESCE(MAX(sequence_number), -1) FROM domain_event WHERE aggregate_identifier = ?")
                .param(aggregate)
                .query(Long.class)
                .single();
    }

    private void replaceSale(int sale) {
        PerformanceId id = PerformanceId.next();
        create(TestSale.schedule(id, SEATS, Duration.ofMinutes(30), Instant.now()));
        sales.set(sale, id);
    }

    private void replaceCampaign(int sale) {
        CampaignId id = CampaignId.next();
        create(TestSale.launch(id, COUPONS, Instant.now()));
        campaigns.set(sale, id);
    }

    /** Again until it is there: its shard may be on its way between two nodes. */
    private void create(OnsaleCommand command) {
        for (int attempt = 0; ; attempt++) {
            try {
                nodes.get(attempt % nodes.size()).send(command).get(SECONDS_MAX, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                RefusedException refused = Causes.find(e, RefusedException.class);
                if (refused == null || attempt > 20) {
                    throw new IllegalStateException("Not created", e);
                }
            } catch (InterruptedException | TimeoutException e) {
                throw new IllegalStateException("Not created", e);
            }
        }
    }

    int answered() {
        return answers.size();
    }

    List<Answered> stop() throws InterruptedException {
        stopped = true;
        threads.shutdown();
        if (!threads.awaitTermination(2 * SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Commands are not answered");
        }
        return List.copyOf(answers);
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
    }
}
