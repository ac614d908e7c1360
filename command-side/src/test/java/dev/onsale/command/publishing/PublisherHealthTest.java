package dev.onsale.command.publishing;

import static dev.onsale.command.reservation.TestClock.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.command.reservation.TestClock;
import dev.onsale.testsupport.TestDatabase;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The health of the publisher while facts wait for Kafka. */
@Tag("services")
class PublisherHealthTest {

    private final TestClock clock = new TestClock();
    private final PublishingProgress progress = new PublishingProgress(clock);
    private final PublisherHealthIndicator indicator =
            new PublisherHealthIndicator(progress, new HeldSales(migrated(), clock));

    @Test
    void it_is_down_once_a_fact_waits_for_more_than_sixty_seconds_and_up_when_it_is_published() {
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        progress.began(0, NOON);
        clock.set(NOON.plusSeconds(60));
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        clock.set(NOON.plusSeconds(60).plusMillis(1));
        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health().getDetails()).containsEntry("oldestUnpublishedSeconds", 60L);
        progress.done(0);
        assertThat(health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_batch_that_is_tried_again_keeps_its_age() {
        progress.began(0, NOON);
        clock.set(NOON.plusSeconds(50));
        progress.began(0, NOON);
        clock.set(NOON.plus(Duration.ofSeconds(61)));
        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void of_several_segments_the_oldest_counts() {
        progress.began(0, NOON.plusSeconds(100));
        progress.began(1, NOON);
        clock.set(NOON.plusSeconds(101));
        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
        progress.done(1);
        assertThat(health().getStatus()).isEqualTo(Status.UP);
    }

    private Health health() {
        return indicator.health();
    }

    private static JdbcClient migrated() {
        TestDatabase database = TestDatabase.fresh();
        DriverManagerDataSource source =
                new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/event-log", "classpath:db/migration/command")
                .load()
                .migrate();
        return JdbcClient.create(source);
    }
}
