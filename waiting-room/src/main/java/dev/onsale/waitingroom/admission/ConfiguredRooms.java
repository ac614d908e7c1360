package dev.onsale.waitingroom.admission;

import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.Rooms;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import dev.onsale.waitingroom.task.EachRoom;
import dev.onsale.waitingroom.task.RoomFailures;
import dev.onsale.waitingroom.task.RoomTask;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Opens the rooms of {@code onsale.waiting-room.rooms}. Retries each until it is open. */
final class ConfiguredRooms {

    private static final Logger log = LoggerFactory.getLogger(ConfiguredRooms.class);
    private static final Duration OPENING_MAX = Duration.ofMinutes(10);

    private final Rooms rooms;
    private final RoomFailures failures;
    private final EachRoom opening;
    private final Map<SaleId, RoomSettings> unopened = new ConcurrentHashMap<>();

    ConfiguredRooms(Rooms rooms, RoomFailures failures, WaitingRoomProperties properties) {
        this.rooms = rooms;
        this.failures = failures;
        this.opening = new EachRoom(RoomTask.OPENING, failures, OPENING_MAX);
        properties.rooms().forEach((sale, settings) -> unopened.put(SaleId.of(sale), settings));
    }

    void open() {
        List<SaleId> sales = List.copyOf(unopened.keySet());
        try {
            boolean unused = sales.isEmpty() || opening.run(sales, this::openIfAbsent);
        } catch (RuntimeException away) {
            log.debug("The configured waiting rooms could not be opened yet", away);
            sales.forEach(sale -> failures.postponed(RoomTask.OPENING, sale));
        }
    }

    private Mono<?> openIfAbsent(SaleId sale) {
        RoomSettings settings = unopened.get(sale);
        return settings == null
                ? Mono.empty()
                : rooms.openIfAbsent(sale, settings).doOnSuccess(opened -> unopened.remove(sale));
    }
}
