package dev.onsale.query.readmodel;

import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table of a read model, declared by the JPA entity of its rows: name, key and columns. Rows are read as entities and
 * written by a {@link GuardedUpsert} of the same columns. Reflection happens once, when the table is declared.
 */
public final class Table<K, R> {

    private static final String POSITION_DEFAULT = "log_position";
    private static final Set<String> SALE_COLUMNS = Set.of("performance_id", "campaign_id");

    private final Class<R> entity;
    private final String name;
    private final List<EntityColumn> columns;
    private final List<String> key;
    private final Function<R, K> keyOf;
    private final List<Function<K, ?>> keyParts;
    private final String position;
    private final String guard;
    private final @Nullable Comparator<R> order;

    private Table(
            Class<R> entity,
            Function<R, K> keyOf,
            List<Function<K, ?>> keyParts,
            String position,
            String guard,
            @Nullable Comparator<R> order) {
        this.entity = entity;
        this.name = entity.getAnnotation(jakarta.persistence.Table.class).name();
        this.columns = EntityColumn.of(entity);
        this.key = columns.stream()
                .filter(EntityColumn::isKey)
                .map(EntityColumn::name)
                .toList();
        this.keyOf = keyOf;
        this.keyParts = keyParts;
        this.position = position;
        this.guard = guard;
        this.order = order;
    }

    /**
     * A table whose key is one column.
     *
     * @param entity class with {@link jakarta.persistence.Entity}
     */
    public static <R> Table<String, R> of(Class<R> entity, Function<R, String> keyOf) {
        return new Table<>(entity, keyOf, List.of(Function.identity()), POSITION_DEFAULT, POSITION_DEFAULT, null);
    }

    /**
     * A table whose key is two columns.
     *
     * @param first part of a key, of the first field with {@link jakarta.persistence.Id}; the second likewise
     */
    public static <K, R> Table<K, R> of(
            Class<R> entity, Function<R, K> keyOf, Function<K, ?> first, Function<K, ?> second) {
        return new Table<>(entity, keyOf, List.of(first, second), POSITION_DEFAULT, POSITION_DEFAULT, null);
    }

    /** The column that only grows, if it is not {@code log_position}: a row gives way to one with a greater value. */
    public Table<K, R> guardedBy(String column) {
        return new Table<>(entity, keyOf, keyParts, position, column, order);
    }

    /** The column that says up to where a row has seen the log, if it is not {@code log_position}. */
    public Table<K, R> positionedBy(String column) {
        return new Table<>(entity, keyOf, keyParts, column, guard, order);
    }

    /** The order in which rows are written: in that of the key the database fills one page after the other. */
    public Table<K, R> writtenInOrderOf(Comparator<R> rows) {
        return new Table<>(entity, keyOf, keyParts, position, guard, rows);
    }

    public String name() {
        return name;
    }

    public List<String> columns() {
        return columns.stream().map(EntityColumn::name).toList();
    }

    /** Columns of the primary key. */
    public List<String> key() {
        return key;
    }

    public String position() {
        return position;
    }

    /** All columns but key and position: they must be the same in two rows of a key that have seen the same facts. */
    public List<String> compared() {
        return columns().stream()
                .filter(column -> !key.contains(column) && !column.equals(position))
                .toList();
    }

    /** The column that names the sale of a row; nothing for tables whose rows are of no sale. */
    public Optional<String> saleColumn() {
        return columns().stream().filter(SALE_COLUMNS::contains).findFirst();
    }

    GuardedUpsert<R> upsert(String suffix) {
        return new GuardedUpsert<>(name + suffix, !suffix.isEmpty(), guard, columns);
    }

    Collection<R> inOrder(Collection<R> rows) {
        return order == null ? List.copyOf(rows) : rows.stream().sorted(order).toList();
    }

    /**
     * Reads rows in one statement; of a key of several columns it may read a few too many.
     *
     * @param keys at least one
     */
    @SuppressWarnings("unchecked") // JPA's own signature for a native query with a result class.
    Map<K, R> load(EntityManager entities, String suffix, Collection<K> keys) {
        var query = entities.createNativeQuery(
                "SELECT * FROM " + name + suffix + " WHERE "
                        + key.stream()
                                .map(column -> column + " IN (:" + column + ")")
                                .collect(Collectors.joining(" AND ")),
                entity);
        for (int part = 0; part < key.size(); part++) {
            query.setParameter(
                    key.get(part), keys.stream().map(keyParts.get(part)).collect(Collectors.toSet()));
        }
        Set<K> wanted = new HashSet<>(keys);
        Map<K, R> found = new HashMap<>();
        for (R row : (List<R>) query.getResultList()) {
            K rowKey = keyOf.apply(row);
            if (wanted.contains(rowKey)) {
                found.put(rowKey, row);
            }
        }
        return found;
    }
}
