package dev.onsale.query.rebuild;

import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;

/** The tables beside the live ones: the same columns under other names. */
public final class ShadowTables {

    private final EntityManager entities;
    private final String suffix;

    /**
     * @param suffix of the tables' names
     */
    public ShadowTables(EntityManager entities, String suffix) {
        this.entities = entities;
        this.suffix = suffix;
    }

    /** The name of the table that will take the place of a live one. */
    public String table(String live) {
        return live + suffix;
    }

    /** Rows of a table beside a live one, as its entity. */
    @SuppressWarnings("unchecked") // JPA's own signature for a native query with a result class.
    public <R> List<R> rows(String live, Class<R> type, String condition, Map<String, ?> parameters) {
        var query = entities.createNativeQuery("SELECT * FROM " + table(live) + " WHERE " + condition, type);
        parameters.forEach(query::setParameter);
        return query.getResultList();
    }
}
