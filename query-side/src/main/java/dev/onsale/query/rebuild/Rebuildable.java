package dev.onsale.query.rebuild;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.query.consumption.ConsumerGroup;
import dev.onsale.query.consumption.Facts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A projection whose tables can be built again. It folds facts into rows and does nothing else: no side effects. */
public interface Rebuildable {

    /** For people and addresses, such as {@code seat-map}. */
    String name();

    /** Its tables, each with the columns of its primary key. */
    List<ReadTable> tables();

    /** The facts that it needs: others are not even read. */
    List<Class<? extends OnsaleEvent>> facts();

    /** Who keeps its tables up to date: groups are not equally far. */
    default ConsumerGroup group() {
        return ConsumerGroup.READ_MODELS;
    }

    /**
     * @param beside names of the tables to write
     * @param fromNothing whether those tables are empty
     */
    Folding begin(ShadowTables beside, boolean fromNothing);

    /** One run over the log. Used by one thread. */
    interface Folding {

        /** Takes facts in the order of the log. Those that a row has seen change nothing. */
        void take(Facts facts);

        /** Rows that have changed since the last time they were written. */
        int pending();

        /** Writes what has changed since the last time. */
        void flush(RowSink sink);
    }

    /**
     * @param key columns of the primary key
     * @param position column that says up to where a row has seen the log
     * @param compared columns whose values must be the same in two rows that have seen the same
     */
    record ReadTable(String name, List<String> key, String position, List<String> compared) {

        private static final Set<String> SALE_COLUMNS = Set.of("performance_id", "campaign_id");

        public ReadTable {
            key = List.copyOf(key);
            compared = List.copyOf(compared);
        }

        /**
         * A condition: two rows say the same. Compared as bytes: a collation takes texts for equal that are not, and takes its
         * time.
         */
        String same(String one, String other) {
            return compared.stream()
                    .map(column -> "CAST(" + one + "." + column + " AS BINARY) <=> CAST(" + other + "." + column
                            + " AS BINARY)")
                    .collect(Collectors.joining(" AND "));
        }

        /** The column that names the sale of a row; nothing for tables whose rows are of no sale. */
        Optional<String> saleColumn() {
            return Stream.concat(key.stream(), compared.stream())
                    .filter(SALE_COLUMNS::contains)
                    .findFirst();
        }
    }
}
