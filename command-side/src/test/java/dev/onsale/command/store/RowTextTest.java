package dev.onsale.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.eventlog.DuplicateKeys;
import dev.onsale.eventlog.EventLogConfiguration;
import dev.onsale.eventlog.LogicalTypeSerializer;
import dev.onsale.testsupport.TestDatabase;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Rows written as text are the rows that Axon's own engine writes, whatever is in them. */
@Tag("services")
class RowTextTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123Z");
    private static final MysqlDataSource DATABASE = new MysqlDataSource();
    private static final Serializer SERIALIZER = LogicalTypeSerializer.with(List.of());

    @BeforeAll
    static void migrate() {
        TestDatabase fresh = TestDatabase.fresh();
        DATABASE.setUrl(fresh.jdbcUrl());
        DATABASE.setUser(fresh.user());
        DATABASE.setPassword(fresh.password());
        Flyway.configure()
                .dataSource(DATABASE)
                .locations("classpath:db/migration/event-log")
                .load()
                .migrate();
    }

    @Test
    void each_row_is_the_one_that_the_stock_engine_writes() throws SQLException {
        List<DomainEventMessage<?>> facts = List.of(
                fact("plain-1:A-14", 0, "alice"),
                fact("quote ' and \\ backslash", 7, "o'brien\\"),
                fact("'); DROP TABLE domain_event; -- ", 1, "'); DROP TABLE domain_event; -- "),
                fact("Parkett Mitte Ü-1 席 🎟", 2, "søren 🎟"),
                fact("new\nline\u0000zero\"?{d '2026-01-01'}", 3, "{fn now()} ? :name"));
        stock().appendEvents(facts);
        List<Map<String, Object>> expected = rows();
        JdbcClient.create(DATABASE).sql("DELETE FROM domain_event").update();
        for (String mode : List.of("", "NO_BACKSLASH_ESCAPES,ANSI_QUOTES")) {
            MysqlDataSource strict = new MysqlDataSource();
            strict.setUrl(Objects.requireNonNull(DATABASE.getUrl()) + "&sessionVariables=sql_mode='" + mode + "'");
            strict.setUser(DATABASE.getUser());
            strict.setPassword(DATABASE.getPassword());
            new GroupInsert(strict)
                    .write(List.of(text(facts.subList(0, 2)), text(facts.subList(2, facts.size()))), List.of());
            assertThat(rows()).as("sql_mode '%s'", mode).isEqualTo(expected);
            JdbcClient.create(DATABASE).sql("DELETE FROM domain_event").update();
        }
    }

    @Test
    void a_group_with_one_conflict_leaves_nothing_behind() throws SQLException {
        GroupInsert insert = new GroupInsert(DATABASE);
        insert.write(List.of(text(List.of(fact("taken", 0, "alice")))), List.of());
        int before = rows().size();
        String mine = text(List.of(fact("free", 0, "bob")));
        String late = text(List.of(fact("taken", 0, "bob")));
        assertThatThrownBy(() -> insert.write(List.of(mine, late), List.of()))
                .satisfies(failure -> assertThat(new DuplicateKeys().isDuplicateKeyViolation((Exception) failure))
                        .isTrue());
        assertThat(rows()).hasSize(before);
    }

    @Test
    void a_message_of_no_aggregate_is_left_to_the_stock_engine() {
        assertThat(RowText.of(List.of(new GenericEventMessage<>("told")), SERIALIZER))
                .isNull();
    }

    private static DomainEventMessage<?> fact(String aggregate, long sequence, String buyer) {
        CouponIssued issued =
                new CouponIssued(CampaignId.next(), CouponId.next(), BuyerId.of("buyer-1"), (int) sequence + 1, NOW);
        return new GenericDomainEventMessage<>(
                "Campaign", aggregate, sequence, issued, MetaData.with("traceId", buyer));
    }

    private static String text(List<DomainEventMessage<?>> facts) {
        return Objects.requireNonNull(RowText.of(facts, SERIALIZER));
    }

    private static List<Map<String, Object>> rows() {
        return JdbcClient.create(DATABASE)
                .sql("SELECT event_identifier, aggregate_identifier, sequence_number, type, time_stamp, payload_type,"
                        + " payload_revision, HEX(payload) AS payload, HEX(meta_data) AS meta_data FROM domain_event"
                        + " ORDER BY global_index")
                .query()
                .listOfRows();
    }

    private static EventStorageEngine stock() {
        return JdbcEventStorageEngine.builder()
                .eventSerializer(SERIALIZER)
                .snapshotSerializer(SERIALIZER)
                .persistenceExceptionResolver(new DuplicateKeys())
                .connectionProvider(
                        new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(DATABASE)))
                .transactionManager(new SpringTransactionManager(new JdbcTransactionManager(DATABASE)))
                .schema(EventLogConfiguration.schema())
                .build();
    }
}
