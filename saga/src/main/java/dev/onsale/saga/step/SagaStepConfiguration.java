package dev.onsale.saga.step;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.MySQL8JdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.onsale.eventlog.EventJson;
import dev.onsale.saga.SagaProperties;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

@Configuration(proxyBeanMethods = false)
class SagaStepConfiguration {

    private static final String TABLE = "saga_step";

    private static final Duration NEVER = Duration.ofDays(100 * 365);

    /** db-scheduler allows no fewer. */
    private static final int MISSED_HEARTBEATS_MAX = 4;

    /**
     * For MariaDB as well: db-scheduler's own customization for it does without SKIP LOCKED, which MariaDB has had since
     * 10.6 in the same syntax. Instants are written as UTC.
     */
    private static final JdbcCustomization MYSQL = new MySQL8JdbcCustomization(true);

    private static final Serializer JSON = new Serializer() {
        @Override
        public byte[] serialize(Object data) {
            return EventJson.mapper().writeValueAsBytes(data);
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] json) {
            return EventJson.mapper().readValue(json, type);
        }
    };

    /** Handlers are looked up when the scheduler starts: they send commands, and the command bus is built after sagas. */
    @Bean
    StepScheduler stepScheduler(
            DataSource dataSource, ObjectProvider<StepHandler<?>> handlers, SagaProperties settings, Clock clock) {
        return new StepScheduler(() -> scheduler(dataSource, handlers.stream().toList(), settings, clock));
    }

    @Bean
    Steps steps(DataSource dataSource, StepScheduler scheduler, Clock clock) {
        SchedulerClient table = SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(dataSource))
                .tableName(TABLE)
                .jdbcCustomization(MYSQL)
                .serializer(JSON)
                .build();
        return new DurableSteps(table, new JdbcTemplate(dataSource), scheduler::wake, clock);
    }

    private static Scheduler scheduler(
            DataSource dataSource, List<StepHandler<?>> handlers, SagaProperties settings, Clock clock) {
        StepTasks steps = new StepTasks(clock, new Backoff(settings.retryAfterMin(), settings.retryAfterMax()));
        List<Task<?>> tasks = new ArrayList<>();
        for (StepHandler<?> handler : handlers) {
            tasks.add(steps.taskFor(handler));
        }
        return new SchedulerBuilder(dataSource, tasks)
                .tableName(TABLE)
                .jdbcCustomization(MYSQL)
                .alwaysPersistTimestampInUTC()
                .serializer(JSON)
                .clock(clock::instant)
                // Nearly all of a step is waiting; a platform thread each would be memory for nothing.
                .executorService(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("saga-step-", 0).factory()))
                .threads(settings.stepThreadsMax())
                .pollUsingLockAndFetch(0.5, 1.0)
                .pollingInterval(settings.stepPollInterval())
                .enableImmediateExecution()
                .heartbeatInterval(settings.stepHeartbeat())
                .missedHeartbeatsLimit(MISSED_HEARTBEATS_MAX)
                .shutdownMaxWait(settings.stepDrainPatience())
                // A step of a kind that this version does not know may move money: it waits for the version that does.
                .deleteUnresolvedAfter(NEVER)
                .failureLogging(LogLevel.WARN, true)
                .build();
    }
}
