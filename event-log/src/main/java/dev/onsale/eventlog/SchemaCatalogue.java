package dev.onsale.eventlog;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.LogicalType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The JSON Schemas of all versions of all events. */
public final class SchemaCatalogue {

    private static final Pattern NAME = Pattern.compile("onsale\\.[a-z-]{1,100}\\.v[1-9][0-9]{0,3}");

    private SchemaCatalogue() {}

    /** Such as {@code onsale.seat-held.v1}, families together, old versions before new ones. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        EventCatalogue.all().forEach(event -> {
            LogicalType type = EventCatalogue.typeOf(event);
            for (int version = 1; version <= type.version(); version++) {
                names.add(type.value() + ".v" + version);
            }
        });
        return names;
    }

    /** The schema as JSON; nothing for a name that is not in the catalogue. */
    public static Optional<byte[]> find(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try (InputStream schema = SchemaCatalogue.class.getResourceAsStream("/schemas/" + name + ".json")) {
            return schema == null ? Optional.empty() : Optional.of(schema.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
