package dev.onsale.query.rebuild;

import dev.onsale.proof.sealing.SaleIndex;
import dev.onsale.query.consumption.ConsumerGroup;
import dev.onsale.query.consumption.FactOutOfPlaceException;
import dev.onsale.query.consumption.Facts;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/**
 * Folds the sealed log of one sale once more, into temporary tables, and lets the database compare them with the live ones: the same
 * fold as a rebuild, of one sale, with nothing exchanged.
 */
@Component
public class SaleComparison {

    private static final int FACTS_AT_ONCE = 1_000;

    /** Rows wait in memory until the fold is done, because a temporary table belongs to one connection. */
    private static final int ROWS_MAX = 200_000;

    private static final String TOO_MANY =
            "It has more than " + ROWS_MAX + " rows of this sale: a rebuild without a switch compares all rows";

    private final Collection<Rebuildable> projections;
    private final LogFacts facts;
    private final SaleIndex index;
    private final DataSource dataSource;
    private final EntityManager entities;

    SaleComparison(
            Collection<Rebuildable> projections, SaleIndex index, DataSource dataSource, EntityManager entities) {
        this.projections = projections.stream()
                .filter(projection -> projection.tables().stream()
                        .allMatch(table -> table.saleColumn().isPresent()))
                .toList();
        this.facts = new LogFacts(
                dataSource,
                this.projections.stream()
                        .flatMap(projection -> projection.facts().stream())
                        .distinct()
                        .toList());
        this.index = index;
        this.dataSource = dataSource;
        this.entities = entities;
    }

    /**
     * How a projection compares with the fold.
     *
     * @param differences rows that say something else than they should, are missing, or should not be
     * @param behind rows that have not seen a fact yet which may still arrive
     * @param first the first that differ, in words
     * @param notCompared why not, if it was not
     */
    public record Compared(
            String projection,
            long differences,
            long behind,
            List<String> first,
            @Nullable String notCompared) {

        public Compared {
            first = List.copyOf(first);
        }

        private static Compared not(String projection, String why) {
            return new Compared(projection, 0, 0, List.of(), why);
        }
    }

    /** Each projection that has rows of sales. */
    public List<Compared> of(String saleKey) {
        long to = index.sealedTo();
        Map<Rebuildable, Rebuildable.Folding> foldings = new LinkedHashMap<>();
        Map<Rebuildable, String> failed = new LinkedHashMap<>();
        ShadowTables beside = new ShadowTables(entities, SaleTables.SUFFIX);
        projections.forEach(projection -> foldings.put(projection, projection.begin(beside, true)));
        long after = 0;
        List<Long> positions = index.positions(saleKey, after, FACTS_AT_ONCE);
        while (!positions.isEmpty() && after < to) {
            Facts page = new Facts(facts.at(upTo(to, positions)));
            foldings.forEach((projection, folding) -> {
                if (!failed.containsKey(projection)) {
                    String problem = take(folding, page);
                    if (problem != null) {
                        failed.put(projection, problem);
                    }
                }
            });
            if (isOfOneKind(foldings, failed)) {
                // Of a very large campaign there is nothing to compare but what is too much already.
                return foldings.keySet().stream()
                        .map(projection -> Compared.not(projection.name(), TOO_MANY))
                        .toList();
            }
            after = positions.getLast();
            positions = index.positions(saleKey, after, FACTS_AT_ONCE);
        }
        return compare(saleKey, to, foldings, failed);
    }

    private static boolean isOfOneKind(
            Map<Rebuildable, Rebuildable.Folding> foldings, Map<Rebuildable, String> failed) {
        return failed.containsValue(TOO_MANY)
                && foldings.entrySet().stream()
                        .allMatch(folding -> failed.containsKey(folding.getKey())
                                || folding.getValue().pending() == 0);
    }

    private static List<Long> upTo(long to, List<Long> positions) {
        return positions.stream().filter(position -> position <= to).toList();
    }

    private static @Nullable String take(Rebuildable.Folding folding, Facts page) {
        try {
            folding.take(page);
            return folding.pending() > ROWS_MAX ? TOO_MANY : null;
        } catch (FactOutOfPlaceException outOfPlace) {
            return "The log itself cannot be folded: " + outOfPlace.getMessage();
        }
    }

    private List<Compared> compare(
            String saleKey, long to, Map<Rebuildable, Rebuildable.Folding> foldings, Map<Rebuildable, String> failed) {
        List<Compared> compared = new ArrayList<>();
        try (Connection connection = dataSource.getConnection()) {
            JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
            SaleTables tables = new SaleTables(jdbc, saleKey, to);
            Map<ConsumerGroup, Long> consumedTo = new EnumMap<>(ConsumerGroup.class);
            for (ConsumerGroup group : ConsumerGroup.values()) {
                consumedTo.put(
                        group,
                        tables.consumedTo(projections.stream()
                                .filter(projection -> projection.group() == group)
                                .toList()));
            }
            for (Map.Entry<Rebuildable, Rebuildable.Folding> folding : foldings.entrySet()) {
                String problem = failed.get(folding.getKey());
                compared.add(
                        problem == null
                                ? tables.compare(
                                        folding.getKey(),
                                        folding.getValue(),
                                        consumedTo.getOrDefault(folding.getKey().group(), 0L))
                                : Compared.not(folding.getKey().name(), problem));
            }
        } catch (SQLException away) {
            throw new IllegalStateException("Read models could not be compared", away);
        }
        return compared;
    }
}
