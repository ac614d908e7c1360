package dev.onsale.saga.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.api.BuyerId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.eventlog.EventJson;
import dev.onsale.testsupport.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** An {@link Error} that left the listener would end its consumer for good. */
@Tag("services")
class NotifierTest {

    private final List<String> sent = new ArrayList<>();

    @Test
    void an_error_of_one_channel_is_a_failure_of_the_record_and_the_others_have_their_turn() {
        Channel broken = channel("broken", () -> {
            throw new StackOverflowError("of a test");
        });
        Channel whole = channel("whole", () -> sent.add("whole"));
        Notifier notifier =
                new Notifier(NotificationStart.BEGINNING, List.of(broken, whole), migrated(), Clock.systemUTC());
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> notifier.onMessage(record()))
                    .isInstanceOf(RuntimeException.class)
                    .hasCauseInstanceOf(StackOverflowError.class);
        }
        assertThat(sent).as("what went out is not sent again").containsExactly("whole");
    }

    @Test
    void a_record_of_somebody_else_is_skipped() {
        Notifier notifier = new Notifier(
                new NotificationStart(100, Instant.EPOCH),
                List.of(channel("whole", () -> sent.add("whole"))),
                migrated(),
                Clock.systemUTC());
        notifier.onMessage(new ConsumerRecord<>(Topics.RESERVATION_EVENTS, 0, 0, "key", new byte[] {1}));
        assertThat(sent).isEmpty();
    }

    private static Channel channel(String name, Runnable send) {
        return new Channel() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void send(Notice notice) {
                send.run();
            }
        };
    }

    private static JdbcTemplate migrated() {
        TestDatabase database = TestDatabase.fresh();
        DriverManagerDataSource source =
                new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/event-log", "classpath:db/migration/saga")
                .load()
                .migrate();
        return new JdbcTemplate(source);
    }

    private static ConsumerRecord<String, byte[]> record() {
        ReservationExpired fact = new ReservationExpired(
                ReservationId.next(), PerformanceId.next(), BuyerId.of("alice"), List.of(), Instant.EPOCH);
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(
                Topics.RESERVATION_EVENTS,
                0,
                0,
                fact.saleKey(),
                EventJson.mapper().writeValueAsBytes(fact));
        record.headers().add(Topics.HEADER_ID, "told-once".getBytes(StandardCharsets.UTF_8));
        record.headers()
                .add(
                        Topics.HEADER_TYPE,
                        (EventCatalogue.typeOf(fact.getClass()).value() + ".v1").getBytes(StandardCharsets.UTF_8));
        return record;
    }
}
