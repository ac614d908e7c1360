package dev.onsale.command.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.CampaignId;
import dev.onsale.command.guard.rebuild.GuardRebuild;
import dev.onsale.command.guard.state.GuardFacts;
import dev.onsale.command.guard.state.GuardMetrics;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardRemoval;
import dev.onsale.command.guard.state.GuardReports;
import dev.onsale.command.guard.state.GuardRetention;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.testsupport.TestServices;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Rebuilds of lost guards whose database calls hang, as many as there are workers, beside one more. */
@Tag("services")
class HangingGuardRebuildTest {

    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final int WORKERS = 2;

    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean hangs = true;
    private final LettuceConnectionFactory connections = new LettuceConnectionFactory(
            TestServices.shared().redisHost(), TestServices.shared().redisPort());
    private final GuardRedis redis = new GuardRedis(connections);
    private final GuardRebuild rebuild = new GuardRebuild(
            new StoredEvents(JdbcClient.create(new AbstractDataSource() {
                @Override
                public Connection getConnection() throws SQLException {
                    if (calls.incrementAndGet() <= WORKERS) {
                        hang();
                    }
                    throw new SQLException("no database");
                }

                @Override
                public Connection getConnection(String user, String password) throws SQLException {
                    return getConnection();
                }
            })),
            new GuardFacts(redis),
            new GuardReports(redis),
            new GuardMetrics(new SimpleMeterRegistry()),
            new GuardRetention(Duration.ZERO, Duration.ZERO, Duration.ZERO, Clock.systemUTC()),
            new GuardRemoval(redis),
            Clock.systemUTC(),
            Duration.ofSeconds(2));

    private void hang() {
        long until = System.nanoTime() + BOUND.multipliedBy(2).toNanos();
        while (hangs && System.nanoTime() < until) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @AfterEach
    void close() {
        hangs = false;
        rebuild.destroy();
        redis.destroy();
        connections.destroy();
    }

    @Test
    void rebuilds_that_hang_are_visible_and_do_not_hold_up_those_of_other_sales() {
        connections.afterPropertiesSet();
        connections.start();
        SupervisedWork work = rebuild.supervisedWork().iterator().next();
        CampaignId first = CampaignId.next();
        CompletableFuture<Boolean> hanging = rebuild.coupons(first);
        var unused = rebuild.coupons(CampaignId.next());
        await("both hang").atMost(BOUND).until(() -> calls.get() == WORKERS);
        CompletableFuture<Boolean> other = rebuild.coupons(CampaignId.next());
        await("the rebuild of another sale").atMost(BOUND).until(() -> {
            // As each claim does that finds the guard lost.
            var unusedAgain = rebuild.coupons(first);
            return other.isDone();
        });
        assertThat(hanging).isNotDone();
        assertThat(work.state()).isEqualTo(SupervisedWork.State.SILENT);

        hangs = false;
        assertThat(hanging).succeedsWithin(BOUND);
        await("the end").atMost(BOUND).until(() -> work.state() == SupervisedWork.State.RUNNING);
    }
}
