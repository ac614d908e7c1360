package dev.onsale.saga.step;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.event.SchedulerListener;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.MySQL8JdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.onsale.eventlog.EventJson;
import dev.onsale.platform.supervision.TaskThreads;
import dev.onsale.saga.SagaProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

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

    @Bean
    StepTable stepTable(DataSource dataSource) {
        return new StepTable(new JdbcTemplate(dataSource), "first-" + UUID.randomUUID());
    }

    @Bean
    StepFailures stepFailures() {
        return new StepFailures(System::nanoTime);
    }

    @Bean
    MeterBinder failingSteps(StepFailures stepFailures) {
        return registry -> Gauge.builder("onsale.saga.steps.failing", stepFailures, StepFailures::waiting)
                .description("Steps that failed since a service of theirs began to fail; 0 if all work")
                .register(registry);
    }

    @Bean
    InMemoryStepQueue firstTries(
            StepTable stepTable,
            PlatformTransactionManager transactions,
            StepFailures stepFailures,
            SagaProperties settings,
            Clock clock) {
        return new InMemoryStepQueue(
                stepTable, new TransactionTemplate(transactions), backoff(settings), stepFailures, clock, settings);
    }

    @Bean
    MeterBinder stepsInMemory(InMemoryStepQueue firstTries) {
        return registry -> Gauge.builder("onsale.saga.steps.in.memory", firstTries, InMemoryStepQueue::inMemory)
                .description("Fresh steps, waiting or under way, whose outcome is not yet written")
                .register(registry);
    }

    /** Handlers are looked up when the scheduler starts: they send commands, and the command bus is built after sagas. */
    @Bean
    StepScheduler stepScheduler(
            DataSource dataSource,
            InMemoryStepQueue firstTries,
            ObjectProvider<StepHandler<?>> handlers,
            SagaProperties settings,
            Clock clock) {
        return new StepScheduler(
                polling -> scheduler(
                        dataSource,
                        handlers.stream().toList(),
                        settings,
                        clock,
                        new StepTasks(clock, backoff(settings), firstTries.runner()),
                        polling),
                firstTries,
                () -> handlers.stream().toList());
    }

    @Bean
    Steps steps(
            DataSource dataSource,
            StepTable stepTable,
            InMemoryStepQueue firstTries,
            StepScheduler scheduler,
            Clock clock) {
        return new DurableSteps(stepTable, new JdbcTemplate(dataSource), firstTries, scheduler::wake, clock);
    }

    private static Backoff backoff(SagaProperties settings) {
        return new Backoff(settings.retryAfterMin(), settings.retryAfterMax());
    }

    private static Scheduler scheduler(
            DataSource dataSource,
            List<StepHandler<?>> handlers,
            SagaProperties settings,
            Clock clock,
            StepTasks steps,
            SchedulerListener polling) {
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
                .executorService(TaskThreads.perTask("saga-step-"))
                .addSchedulerListener(polling)
                .threads(settings.stepThreadsMax())
                .pollUsingLockAndFetch(0.5, 1.0)
                .pollingInterval(settings.stepPollInterval())
                .enableImmediateExecution()
                .heartbeatInterval(settings.stepHeartbeat())
                .missedHeartbeatsLimit(MISSED_HEARTBEATS_MAX)
                .shutdownMaxWait(settings.stepDrainPatience())
                // A step of a kind that this version does not know may move money: it waits for the version that does.
                .deleteUnresolvedAfter(NEVER)
                // StepFailures logs.
                .failureLogging(LogLevel.OFF, false)
                .build();
    }
}
