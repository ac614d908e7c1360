package dev.onsale.command.change;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Revision;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a JSON merge patch (RFC 7396) of terms that can be changed and not removed. */
public final class MergePatch {

    private static final Pattern ENTITY_TAG = Pattern.compile("\"(\\d{1,9})(-[^\"]*)?\"");

    private MergePatch() {}

    /**
     * @param type a record whose components are the properties that a patch may have
     * @throws InvalidValueException if the patch is no object, is empty, or has a property that is unknown, null or malformed
     */
    public static <T extends Record> T read(JsonNode patch, Class<T> type, JsonMapper mapper) {
        if (!patch.isObject() || patch.isEmpty()) {
            throw new InvalidValueException("The patch is a JSON object with at least one property");
        }
        Set<String> known = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
        patch.properties().forEach(property -> {
            if (!known.contains(property.getKey())) {
                throw new InvalidValueException("There is no property " + property.getKey() + " to change");
            }
            if (property.getValue().isNull()) {
                throw new InvalidValueException(property.getKey() + " cannot be removed");
            }
        });
        try {
            return mapper.treeToValue(patch, type);
        } catch (JacksonException e) {
            throw new InvalidValueException("A property of the patch is malformed: " + e.getOriginalMessage());
        }
    }

    /**
     * The revision that a request is based on.
     *
     * @param ifMatch entity tag of the sale, such as {@code "3"}; absent or {@code *} for whatever there is
     * @param revision from the body
     * @throws InvalidValueException if the tag is malformed
     */
    public static @Nullable Revision basedOn(@Nullable String ifMatch, @Nullable Integer revision) {
        if (ifMatch != null && !ifMatch.equals("*")) {
            Matcher tag = ENTITY_TAG.matcher(ifMatch);
            if (!tag.matches()) {
                throw new InvalidValueException("If-Match is the ETag of the sale");
            }
            return new Revision(Integer.parseInt(tag.group(1)), true);
        }
        return revision == null ? null : new Revision(revision, false);
    }
}
