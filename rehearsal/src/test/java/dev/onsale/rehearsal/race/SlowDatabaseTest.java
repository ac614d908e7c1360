package dev.onsale.rehearsal.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A request that waits for the database must not block an event loop, which serves thousands of connections. */
@SharedOnsale
class SlowDatabaseTest {

    private static final int WAITING = 32;

    private final Onsale onsale;

    SlowDatabaseTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @Test
    void requests_that_wait_for_a_table_do_not_hold_up_those_that_do_not_need_it() throws Exception {
        String campaign = Sales.launched(onsale, Sales.campaign(1));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
        List<Future<Answer>> waiting = new ArrayList<>();
        try {
            try (Connection operator = onsale.database().connect();
                    Statement statement = operator.createStatement()) {
                statement.execute("LOCK TABLES campaign_view WRITE");
                for (int i = 0; i < WAITING; i++) {
                    waiting.add(clients.submit(
                            () -> onsale.get("/api/campaigns/" + campaign).send()));
                }
                await("all of them wait for the table")
                        .atMost(Duration.ofSeconds(60))
                        .pollInSameThread()
                        .until(() -> waitingFor(statement) == WAITING);
                // More requests than event loops, so that every event loop gets one.
                for (int i = 0; i < WAITING; i++) {
                    onsale.get("/nowhere").send().requireProblem(404, "NOT_FOUND");
                }
                assertThat(waiting).as("all still wait for the table").noneMatch(Future::isDone);
                statement.execute("UNLOCK TABLES");
            }
            for (Future<Answer> answer : waiting) {
                assertThat(answer.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static int waitingFor(Statement statement) throws SQLException {
        try (ResultSet count = statement.executeQuery(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'"
                        + " AND info LIKE '%campaign_view%'")) {
            count.next();
            return count.getInt(1);
        }
    }
}
