package dev.onsale.query.consumption;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.Topics;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.UnknownVersionException;
import dev.onsale.query.readmodel.Fact;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads a record of a fact topic by its headers. */
public final class FactReader {

    private static final Pattern TYPE = Pattern.compile("(?<name>[a-z0-9.-]{1,100})\\.v(?<version>[0-9]{1,4})");

    private static final int TYPES_MAX = 1_000;

    /** Of the few types that there are, each is parsed once. */
    private static final LoadingCache<String, FactType> TYPES =
            Caffeine.newBuilder().maximumSize(TYPES_MAX).build(FactReader::parse);

    private record FactType(String name, int version) {}

    private FactReader() {}

    /**
     * @param wanted families of facts; others are not even parsed
     * @return nothing for a type that is not wanted, or that this version of Onsale does not know: somebody newer told it, to
     *     others
     * @throws UnreadableFactException for a record that claims to be a wanted fact and cannot be read as one
     */
    public static Optional<Fact<?>> read(
            ConsumerRecord<String, byte @Nullable []> record, Collection<Class<? extends OnsaleEvent>> wanted) {
        FactType type = type(record);
        Class<? extends OnsaleEvent> eventClass = EventCatalogue.classOf(type.name());
        if (eventClass == null || wanted.stream().noneMatch(family -> family.isAssignableFrom(eventClass))) {
            return Optional.empty();
        }
        return Optional.of(new Fact<>(
                event(record, type.name(), type.version()),
                number(record, Topics.HEADER_POSITION),
                number(record, Topics.HEADER_SEQUENCE)));
    }

    /** Whether the record is of a type that nobody here has heard of. */
    static boolean isUnknown(ConsumerRecord<String, byte @Nullable []> record) {
        return EventCatalogue.classOf(type(record).name()) == null;
    }

    private static FactType type(ConsumerRecord<?, ?> record) {
        return TYPES.get(header(record, Topics.HEADER_TYPE));
    }

    private static FactType parse(String header) {
        Matcher type = TYPE.matcher(header);
        if (!type.matches()) {
            throw new UnreadableFactException("The header " + Topics.HEADER_TYPE + " names no type and version");
        }
        return new FactType(type.group("name"), Integer.parseInt(type.group("version")));
    }

    private static OnsaleEvent event(ConsumerRecord<String, byte @Nullable []> record, String type, int version) {
        byte[] value = record.value();
        if (value == null) {
            throw new UnreadableFactException("The record has no value");
        }
        try {
            OnsaleEvent event = EventJson.read(type, version, value);
            if (event == null || event.saleKey() == null) {
                throw new UnreadableFactException("The value names no sale");
            }
            return event;
        } catch (UnknownVersionException unknown) {
            // Skipping it would leave rows that are silently wrong.
            throw new UnreadableFactException(String.valueOf(unknown.getMessage()), unknown);
        } catch (JacksonException | NullPointerException e) {
            throw new UnreadableFactException("The value is not the JSON of " + type, e);
        }
    }

    private static long number(ConsumerRecord<?, ?> record, String name) {
        String text = header(record, name);
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new UnreadableFactException("The header " + name + " is no number", e);
        }
        throw new UnreadableFactException("The header " + name + " is negative");
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null || header.value() == null) {
            throw new UnreadableFactException("The record has no header " + name);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
