package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.NOON;
import static dev.onsale.query.ASale.PRICE;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.held;
import static dev.onsale.query.ASale.heldSeats;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;
import static dev.onsale.query.ASale.seatId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.CampaignId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.CouponId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.seat.TicketCheckedIn;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.eventlog.EventJson;
import dev.onsale.query.readmodel.Facts;
import dev.onsale.query.readmodel.Folding;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.ReadModels;
import dev.onsale.query.readmodel.RowSink;
import dev.onsale.query.readmodel.Table;
import dev.onsale.query.rebuild.Differences;
import dev.onsale.query.rebuild.LogFacts;
import dev.onsale.query.rebuild.TableComparison;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** One wrong value in any column of any read model, a missing row and a surplus row: each comparison finds each of them. */
class PlantedDifferencesTest extends QuerySideTest {

    private static final String FOLD = "__planted";
    private static final String KEPT = "__kept";

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private ReadModels models;

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private EntityManager entities;

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private DataSource dataSource;

    private final PerformanceId performance = aPerformance();
    private final CampaignId campaign = CampaignId.next();
    private long head;

    @BeforeEach
    void fold() {
        JdbcTemplate template = new JdbcTemplate(dataSource);
        jdbc.sql("DELETE FROM domain_event").update();
        ReservationId reservation = ReservationId.next();
        PaymentId payment = PaymentId.next();
        store(0, scheduled(performance, 9));
        store(0, seatHeld(performance, 1, reservation));
        store(0, seatHeld(performance, 2, reservation));
        store(1, seatBooked(performance, 2, reservation));
        store(
                2,
                new TicketCheckedIn(
                        seatId(performance, 2),
                        reservation,
                        ALICE,
                        1,
                        OperatorId.of("entrance"),
                        NOON.plusSeconds(90)));
        store(0, held(performance, reservation, ALICE, 1, 2));
        store(0, new PaymentInitiated(payment, reservation, performance, ALICE, PRICE, ASale.CARD, NOON));
        store(
                1,
                new ReservationConfirmed(
                        reservation, performance, ALICE, payment, heldSeats(1, 2), PRICE, NOON.plusSeconds(60)));
        store(0, launched(campaign, 100));
        store(1, issued(campaign, CouponId.next(), ALICE, 1));
        store(2, issued(campaign, CouponId.next(), ASale.BOB, 2));
        store(0, new PointsCharged(ALICE, new ChargeId(UUID.randomUUID()), PRICE, PRICE, NOON));
        head = count("SELECT MAX(global_index) FROM domain_event");
        List<Long> positions = jdbc.sql("SELECT global_index FROM domain_event")
                .query(Long.class)
                .list();
        for (ReadModel<?> model : models.all()) {
            model.tables().forEach(table -> {
                jdbc.sql("DELETE FROM " + table.name()).update();
                jdbc.sql("CREATE TABLE " + table.name() + FOLD + " LIKE " + table.name())
                        .update();
            });
            for (String suffix : List.of("", FOLD)) {
                Folding<?> folding = new Folding<>(model, entities, suffix, true);
                folding.take(new Facts(new LogFacts(dataSource, model.facts()).at(positions)));
                folding.flush(RowSink.inOrder(template));
            }
        }
    }

    @AfterEach
    void drop() {
        models.all().stream().flatMap(model -> model.tables().stream()).forEach(table -> jdbc.sql(
                        "DROP TABLE IF EXISTS " + table.name() + FOLD)
                .update());
    }

    @Test
    void every_planted_difference_is_found_in_every_table_and_column() {
        List<String> missed = new ArrayList<>();
        for (ReadModel<?> model : models.all()) {
            for (Table<?, ?> table : model.tables()) {
                assertThat(found(table)).as("%s as folded", table.name()).isZero();
                for (Plant plant : plants(table)) {
                    planted(table, plant, missed);
                }
                assertThat(found(table)).as("%s as before", table.name()).isZero();
            }
        }
        assertThat(missed).isEmpty();
    }

    private record Plant(String what, String sql) {}

    private List<Plant> plants(Table<?, ?> table) {
        List<Plant> plants = new ArrayList<>();
        for (String column : table.columns()) {
            plants.add(new Plant(
                    "another " + column,
                    "UPDATE " + table.name() + " SET " + column + " = " + another(table, column) + " LIMIT 1"));
        }
        plants.add(new Plant("a missing row", "DELETE FROM " + table.name() + " LIMIT 1"));
        String columns = String.join(", ", table.columns());
        String last = table.key().getLast();
        plants.add(new Plant(
                "a surplus row",
                "INSERT INTO " + table.name() + " (" + columns + ") SELECT "
                        + columns.replaceFirst("\\b" + last + "\\b", another(table, last)) + " FROM " + table.name()
                        + " LIMIT 1"));
        return plants;
    }

    private String another(Table<?, ?> table, String column) {
        String type = jdbc.sql("SELECT data_type FROM information_schema.columns WHERE table_schema = DATABASE()"
                        + " AND table_name = ? AND column_name = ?")
                .params(table.name(), column)
                .query(String.class)
                .single();
        if (column.equals(table.position())) {
            return column + " - 1";
        }
        return switch (type) {
            case "tinyint" -> "1 - " + column;
            case "int", "bigint" -> "COALESCE(" + column + ", 0) + 1";
            case "longblob" -> "CONCAT(" + column + ", ' ')";
            default ->
                "IF(" + column + " IS NULL, 'x', CONCAT(IF(LEFT(" + column + ", 1) = 'x', 'y', 'x'), SUBSTRING("
                        + column + ", 2)))";
        };
    }

    private void planted(Table<?, ?> table, Plant plant, List<String> missed) {
        jdbc.sql("CREATE TABLE " + table.name() + KEPT + " LIKE " + table.name())
                .update();
        jdbc.sql("INSERT INTO " + table.name() + KEPT + " SELECT * FROM " + table.name())
                .update();
        try {
            assertThat(jdbc.sql(plant.sql()).update())
                    .as("%s: %s", table.name(), plant.what())
                    .isEqualTo(1);
            if (found(table) == 0) {
                missed.add(table.name() + ": " + plant.what());
            }
            if (isOfSale(table, plant) && foundInSale(table) == 0) {
                missed.add(table.name() + " of a sale: " + plant.what());
            }
        } finally {
            jdbc.sql("DELETE FROM " + table.name()).update();
            jdbc.sql("INSERT INTO " + table.name() + " SELECT * FROM " + table.name() + KEPT)
                    .update();
            jdbc.sql("DROP TABLE " + table.name() + KEPT).update();
        }
    }

    /** A surplus row of a table with one row for each sale is of another sale. */
    private static boolean isOfSale(Table<?, ?> table, Plant plant) {
        return table.saleColumn().isPresent()
                && !(plant.what().equals("a surplus row")
                        && table.saleColumn().orElseThrow().equals(table.key().getLast()));
    }

    private long found(Table<?, ?> table) {
        TableComparison comparison = new TableComparison(new JdbcTemplate(dataSource), table, FOLD, head);
        return comparison.ofLiveRows() + comparison.ofMissingRows();
    }

    /** The tables have rows of one performance and one campaign only, and everything was consumed. */
    private long foundInSale(Table<?, ?> table) {
        String sale =
                (table.saleColumn().orElseThrow().equals("campaign_id") ? campaign.toString() : performance.toString());
        Differences differences = new Differences();
        new TableComparison(new JdbcTemplate(dataSource), table, FOLD, head).ofSale(sale, head, differences);
        return differences.count();
    }

    private void store(long sequence, OnsaleEvent event) {
        jdbc.sql(
                        "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                                + " payload_type, payload_revision, payload) VALUES (?, ?, ?, 'Kind', '2026-06-01T12:00:00Z', ?, '1', ?)")
                .params(
                        UUID.randomUUID().toString(),
                        event instanceof PointsCharged charged
                                ? charged.buyerId().toString()
                                : Teller.aggregateOf(event),
                        sequence,
                        EventCatalogue.typeOf(event.getClass()).value(),
                        EventJson.mapper().writeValueAsBytes(event))
                .update();
    }
}
