package dev.onsale.eventlog;

import java.util.List;

/**
 * Classes of one side that are stored under a {@code LogicalType} and are no events: sagas, snapshots. Each side that
 * has any contributes one bean.
 */
public record StoredTypes(List<Class<?>> classes) {

    public StoredTypes {
        classes = List.copyOf(classes);
    }
}
