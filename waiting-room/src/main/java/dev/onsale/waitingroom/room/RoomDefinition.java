package dev.onsale.waitingroom.room;

import dev.onsale.waitingroom.key.SaleId;
import java.util.ArrayList;
import java.util.List;

/**
 * A room as stored in the database.
 *
 * @param seed 32 bytes as hexadecimal digits, secret until the sale opens
 * @param epoch incremented by each build of the room in Redis
 */
public record RoomDefinition(SaleId sale, RoomSettings settings, RoomStatus.Control control, String seed, long epoch) {

    /** SHA-256 of the seed, published from the start. */
    public String commitment() {
        return Seed.commitment(seed);
    }

    /** Fields and values of the hash that the scripts read. */
    public List<String> fields() {
        List<String> fields = new ArrayList<>();
        add(fields, "control", control);
        add(fields, "activeLimit", RoomSettings.set(settings.activeLimit()));
        add(fields, "admitPerSecond", RoomSettings.set(settings.admitPerSecond()));
        add(fields, "activeMillis", settings.activeSeconds() + "000");
        add(fields, "tokenMillis", settings.tokenSeconds() + "000");
        add(fields, "preQueueOpensAt", RoomSettings.millis(settings.preQueueOpensAt()));
        add(fields, "opensAt", RoomSettings.millis(settings.opensAt()));
        add(fields, "closesAt", RoomSettings.millis(settings.closesAt()));
        add(fields, "joinsPerAddress", RoomSettings.set(settings.joinsPerAddress()));
        add(fields, "addressMillis", settings.addressSeconds() + "000");
        add(fields, "proofOfWork", RoomSettings.set(settings.proofOfWork()));
        return fields;
    }

    private static void add(List<String> fields, String name, Object value) {
        fields.add(name);
        fields.add(String.valueOf(value));
    }
}
