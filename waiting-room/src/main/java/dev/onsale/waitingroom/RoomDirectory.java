package dev.onsale.waitingroom;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The rooms as this node last read them from the database. */
@Component
class RoomDirectory {

    private final RoomStore store;
    private final Map<SaleId, RoomDefinition> rooms = new ConcurrentHashMap<>();

    RoomDirectory(RoomStore store) {
        this.store = store;
    }

    /** Blocks. One at a time: a list that was read before a room was opened must not take it away again. */
    synchronized void refresh() {
        List<RoomDefinition> read = store.all();
        read.forEach(this::remember);
        rooms.keySet().retainAll(read.stream().map(RoomDefinition::sale).toList());
    }

    /** Blocks; absent if there is no such room. */
    @Nullable
    synchronized RoomDefinition refresh(SaleId sale) {
        RoomDefinition read = store.find(sale).orElse(null);
        if (read == null) {
            rooms.remove(sale);
        } else {
            remember(read);
        }
        return read;
    }

    @Nullable
    RoomDefinition find(SaleId sale) {
        return rooms.get(sale);
    }

    Collection<RoomDefinition> all() {
        return List.copyOf(rooms.values());
    }

    private void remember(RoomDefinition room) {
        rooms.put(room.sale(), room);
    }
}
