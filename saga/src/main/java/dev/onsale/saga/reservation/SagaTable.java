package dev.onsale.saga.reservation;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.springframework.jdbc.core.JdbcOperations;

/** The sagas under way, one row each, read and written many at once in the transaction under way. */
final class SagaTable {

    private final JdbcOperations jdbc;
    private final Serializer serializer;

    SagaTable(JdbcOperations jdbc, Serializer serializer) {
        this.jdbc = jdbc;
        this.serializer = serializer;
    }

    /** Those of the reservations that have one. */
    Map<String, ReservationSaga> find(Collection<String> reservations) {
        Map<String, ReservationSaga> found = new HashMap<>();
        if (reservations.isEmpty()) {
            return found;
        }
        jdbc.query(
                "SELECT saga_id, saga_type, revision, serialized_saga FROM saga WHERE saga_id IN ("
                        + placeholders("?", reservations.size()) + ")",
                row -> {
                    ReservationSaga saga = serializer.deserialize(new SimpleSerializedObject<>(
                            row.getBytes("serialized_saga"),
                            byte[].class,
                            row.getString("saga_type"),
                            row.getString("revision")));
                    found.put(row.getString("saga_id"), saga);
                },
                reservations.toArray());
        return found;
    }

    boolean has(String reservation) {
        return !jdbc.queryForList("SELECT 1 FROM saga WHERE saga_id = ?", Integer.class, reservation)
                .isEmpty();
    }

    void save(Map<String, ReservationSaga> sagas) {
        if (sagas.isEmpty()) {
            return;
        }
        Object[] values = new Object[sagas.size() * 4];
        int next = 0;
        for (Map.Entry<String, ReservationSaga> saga : sagas.entrySet()) {
            SerializedObject<byte[]> state = serializer.serialize(saga.getValue(), byte[].class);
            values[next++] = saga.getKey();
            values[next++] = state.getType().getName();
            values[next++] = state.getType().getRevision();
            values[next++] = state.getData();
        }
        jdbc.update(
                "INSERT INTO saga (saga_id, saga_type, revision, serialized_saga) VALUES "
                        + placeholders("(?, ?, ?, ?)", sagas.size())
                        + " ON DUPLICATE KEY UPDATE saga_type = VALUES(saga_type), revision = VALUES(revision),"
                        + " serialized_saga = VALUES(serialized_saga)",
                values);
    }

    void remove(List<String> reservations) {
        if (!reservations.isEmpty()) {
            jdbc.update(
                    "DELETE FROM saga WHERE saga_id IN (" + placeholders("?", reservations.size()) + ")",
                    reservations.toArray());
        }
    }

    private static String placeholders(String one, int times) {
        return String.join(", ", Collections.nCopies(times, one));
    }
}
