package dev.onsale.query.consistency;

import dev.onsale.proof.sealing.SaleIndex;
import dev.onsale.query.readmodel.ConsumerGroup;
import dev.onsale.query.readmodel.FactOutOfPlaceException;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/**
 * Folds the sealed log of one sale once more, into temporary tables, and lets the database compare them with the live ones:
 * the same fold as a rebuild, of one sale, with nothing exchanged.
 */
@Component
class SaleComparison {

    private static final String SUFFIX = "__sale";
    private static final int FACTS_AT_ONCE = 1_000;
    private static final int QUERY_SECONDS_MAX = 30;

    /** Rows wait in memory until the fold is done, because a temporary table belongs to one connection. */
    private static final int ROWS_MAX = 200_000;

    private static final String TOO_MANY =
            "It has more than " + ROWS_MAX + " rows of this sale: a rebuild without a switch compares all rows";

    private final List<ReadModel<?>> models;
    private final LogFacts facts;
    private final SaleIndex index;
    private final DataSource dataSource;
    private final EntityManager entities;

    SaleComparison(ReadModels models, SaleIndex index, DataSource dataSource, EntityManager entities) {
        this.models = models.all().stream()
                .filter(model -> model.tables().stream()
                        .allMatch(table -> table.saleColumn().isPresent()))
                .toList();
        this.facts = new LogFacts(
                dataSource,
                this.models.stream()
                        .flatMap(model -> model.facts().stream())
                        .distinct()
                        .toList());
        this.index = index;
        this.dataSource = dataSource;
        this.entities = entities;
    }

    /** The fold of one read model. */
    private static final class Fold {

        private final ReadModel<?> model;
        private final Folding<?> rows;
        private @Nullable String problem;

        Fold(ReadModel<?> model, EntityManager entities) {
            this.model = model;
            this.rows = new Folding<>(model, entities, SUFFIX, true);
        }

        void take(Facts page) {
            try {
                if (problem == null) {
                    rows.take(page);
                    problem = rows.pending() > ROWS_MAX ? TOO_MANY : null;
                }
            } catch (FactOutOfPlaceException outOfPlace) {
                problem = "The log itself cannot be folded: " + outOfPlace.getMessage();
            }
        }

        boolean isOver() {
            return problem != null || rows.pending() == 0;
        }
    }

    /** Each read model that has rows of sales. */
    List<Consistency.Part> of(String saleKey) {
        long to = index.sealedTo();
        List<Fold> folds =
                models.stream().map(model -> new Fold(model, entities)).toList();
        long after = 0;
        List<Long> positions = index.positions(saleKey, after, FACTS_AT_ONCE);
        while (!positions.isEmpty() && after < to) {
            Facts page = new Facts(facts.at(
                    positions.stream().filter(position -> position <= to).toList()));
            folds.forEach(fold -> fold.take(page));
            if (folds.stream().anyMatch(fold -> TOO_MANY.equals(fold.problem))
                    && folds.stream().allMatch(Fold::isOver)) {
                // Of a very large campaign there is nothing to compare but what is too much already.
                return folds.stream()
                        .map(fold -> Consistency.Part.notCompared(fold.model.name(), TOO_MANY))
                        .toList();
            }
            after = positions.getLast();
            positions = index.positions(saleKey, after, FACTS_AT_ONCE);
        }
        return compare(saleKey, to, folds);
    }

    private List<Consistency.Part> compare(String saleKey, long to, List<Fold> folds) {
        try (Connection connection = dataSource.getConnection()) {
            JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
            jdbc.setQueryTimeout(QUERY_SECONDS_MAX);
            Map<ConsumerGroup, Long> consumedTo = consumedTo(jdbc, saleKey);
            List<Consistency.Part> parts = new ArrayList<>();
            for (Fold fold : folds) {
                String name = fold.model.name();
                parts.add(
                        fold.problem == null
                                ? Consistency.Part.of(
                                        name,
                                        compare(
                                                jdbc,
                                                fold,
                                                saleKey,
                                                to,
                                                consumedTo.getOrDefault(fold.model.group(), 0L)))
                                : Consistency.Part.notCompared(name, fold.problem));
            }
            return parts;
        } catch (SQLException away) {
            throw new IllegalStateException("Read models could not be compared", away);
        }
    }

    /**
     * The newest fact of the sale that any row of a group has seen. Facts of a sale come in order and all rows of one
     * together, so what is older than this and missing will not come any more.
     */
    private Map<ConsumerGroup, Long> consumedTo(JdbcTemplate jdbc, String saleKey) {
        Map<ConsumerGroup, Long> newest = new LinkedHashMap<>();
        for (ReadModel<?> model : models) {
            for (Table<?, ?> table : model.tables()) {
                Long seen = jdbc.queryForObject(
                        "SELECT COALESCE(MAX(" + table.position() + "), 0) FROM " + table.name() + " WHERE "
                                + table.saleColumn().orElseThrow() + " = ?",
                        Long.class,
                        saleKey);
                newest.merge(model.group(), Objects.requireNonNull(seen), Math::max);
            }
        }
        // Rows may all be missing. What the consumers have read says so then.
        jdbc.queryForList("SELECT log_position FROM read_position WHERE sale_key = ?", Long.class, saleKey)
                .forEach(read -> newest.merge(ConsumerGroup.READ_MODELS, read, Math::max));
        return newest;
    }

    private static Differences compare(JdbcTemplate jdbc, Fold fold, String saleKey, long to, long consumedTo) {
        List<Table<?, ?>> tables = fold.model.tables();
        try {
            tables.forEach(
                    table -> jdbc.execute("CREATE TEMPORARY TABLE " + table.name() + SUFFIX + " LIKE " + table.name()));
            fold.rows.flush(RowSink.inOrder(jdbc));
            Differences differences = new Differences();
            tables.forEach(
                    table -> new TableComparison(jdbc, table, SUFFIX, to).ofSale(saleKey, consumedTo, differences));
            return differences;
        } finally {
            tables.forEach(table -> jdbc.execute("DROP TEMPORARY TABLE IF EXISTS " + table.name() + SUFFIX));
        }
    }
}
