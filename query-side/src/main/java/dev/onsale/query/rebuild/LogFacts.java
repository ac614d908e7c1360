package dev.onsale.query.rebuild;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.query.readmodel.Fact;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import tools.jackson.databind.ObjectReader;

/** Reads facts of some kinds from the event store, and of their rows only what a fold needs. */
public final class LogFacts {

    private static final String SELECT =
            "SELECT global_index, sequence_number, payload_type, payload_revision, payload FROM domain_event";

    private final JdbcTemplate jdbc;
    private final Map<String, ObjectReader> readers = new HashMap<>();
    private final Map<String, String> versions = new HashMap<>();
    private final String sql;
    private final List<String> types;
    private final NamedParameterJdbcTemplate named;

    public LogFacts(DataSource dataSource, Collection<? extends Class<? extends OnsaleEvent>> kinds) {
        jdbc = new JdbcTemplate(dataSource);
        named = new NamedParameterJdbcTemplate(jdbc);
        for (Class<? extends OnsaleEvent> type : EventCatalogue.all()) {
            if (kinds.stream().anyMatch(kind -> kind.isAssignableFrom(type))) {
                LogicalType logical = EventCatalogue.typeOf(type);
                readers.put(logical.value(), EventJson.mapper().readerFor(type));
                versions.put(logical.value(), Integer.toString(logical.version()));
            }
        }
        types = List.copyOf(readers.keySet());
        sql = SELECT + " WHERE global_index > ? AND global_index <= ? AND payload_type IN ("
                + String.join(", ", Collections.nCopies(types.size(), "?")) + ") ORDER BY global_index";
    }

    /**
     * @param after exclusive
     * @param to inclusive
     */
    List<Fact<?>> between(long after, long to) {
        List<Object> parameters = new ArrayList<>(List.of(after, to));
        parameters.addAll(types);
        List<Fact<?>> facts = new ArrayList<>();
        jdbc.query(
                sql,
                row -> {
                    facts.add(fact(row));
                },
                parameters.toArray());
        return facts;
    }

    /** Those at some positions, in the order of the log. */
    public List<Fact<?>> at(Collection<Long> positions) {
        List<Fact<?>> facts = new ArrayList<>();
        named.query(
                SELECT + " WHERE global_index IN (:positions) AND payload_type IN (:types) ORDER BY global_index",
                Map.of("positions", positions, "types", types),
                row -> {
                    facts.add(fact(row));
                });
        return facts;
    }

    private Fact<?> fact(ResultSet row) throws SQLException {
        String type = row.getString(3);
        ObjectReader reader = readers.get(type);
        OnsaleEvent event = reader != null && row.getString(4).equals(versions.get(type))
                ? reader.readValue(row.getBytes(5))
                : EventJson.read(type, row.getInt(4), row.getBytes(5));
        return new Fact<>(event, row.getLong(1), row.getLong(2));
    }
}
