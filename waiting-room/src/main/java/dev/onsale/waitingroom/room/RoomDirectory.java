package dev.onsale.waitingroom.room;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.task.RoomFailures;
import dev.onsale.waitingroom.task.RoomTask;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Rooms of the database, as this node last read them. A room whose row becomes unreadable keeps its last definition.
 */
@Component
public class RoomDirectory {

    private final RoomStore store;
    private final RoomFailures failures;
    private final Map<SaleId, RoomDefinition> rooms = new ConcurrentHashMap<>();

    public RoomDirectory(RoomStore store, RoomFailures failures) {
        this.store = store;
        this.failures = failures;
    }

    /** Blocks. Synchronized, so that a list that was read before a room was opened does not remove it. */
    public synchronized void refresh() {
        RoomStore.Stored read = store.all();
        read.rooms().forEach(this::remember);
        read.unreadable().forEach((sale, reason) -> failures.failed(RoomTask.SETTINGS, sale, reason));
        Set<String> sales = read.sales();
        rooms.keySet().removeIf(sale -> !sales.contains(sale.value()));
        failures.retain(sales);
    }

    /**
     * Blocks.
     *
     * @return null if there is no such room
     * @throws UnreadableRoomException if the row cannot be read
     */
    @Nullable
    public synchronized RoomDefinition refresh(SaleId sale) {
        RoomDefinition read = store.find(sale).orElse(null);
        if (read == null) {
            rooms.remove(sale);
        } else {
            remember(read);
        }
        return read;
    }

    @Nullable
    public RoomDefinition find(SaleId sale) {
        return rooms.get(sale);
    }

    Collection<RoomDefinition> all() {
        return List.copyOf(rooms.values());
    }

    public Collection<SaleId> sales() {
        return List.copyOf(rooms.keySet());
    }

    static RefusedException notFound(SaleId sale) {
        return new RefusedException(RefusalCode.WAITING_ROOM_NOT_FOUND, "There is no waiting room for sale " + sale);
    }

    /** Most sales have no room. Callers that serve all sales ignore this refusal. */
    public static boolean isNotFound(Throwable failure) {
        return failure instanceof RefusedException refused && refused.code() == RefusalCode.WAITING_ROOM_NOT_FOUND;
    }

    private void remember(RoomDefinition room) {
        rooms.put(room.sale(), room);
        failures.works(RoomTask.SETTINGS, room.sale());
    }
}
