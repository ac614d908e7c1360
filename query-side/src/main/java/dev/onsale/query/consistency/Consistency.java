package dev.onsale.query.consistency;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.onsale.query.rebuild.Differences;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the places that know of a sale compare with the event store. Nought differences is the aim; what is behind may still be on its
 * way.
 *
 * @param sale which performance or campaign
 * @param checkedAt when, ISO 8601
 * @param sealedTo the position up to which the log was compared
 * @param differences sum of all
 * @param behind sum of all
 * @param parts each read model, the copies in Redis, and Kafka
 * @param guards where the guards of the sale are compared, which the command side does
 */
record Consistency(
        String sale, String checkedAt, long sealedTo, long differences, long behind, List<Part> parts, String guards) {

    static Consistency of(String sale, String checkedAt, long sealedTo, List<Part> parts) {
        return new Consistency(
                sale,
                checkedAt,
                sealedTo,
                parts.stream().mapToLong(Part::differences).sum(),
                parts.stream().mapToLong(Part::behind).sum(),
                List.copyOf(parts),
                "/api/admin/guards/" + sale);
    }

    /**
     * One place.
     *
     * @param name such as {@code reservations}, {@code redis:seat-map} or {@code kafka}
     * @param differences what says something else than the store, is missing for good, or should not be
     * @param behind what may still arrive
     * @param first the first differences, in words
     * @param notCompared why the figures are not whole, if they are not
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Part(
            String name,
            long differences,
            long behind,
            List<String> first,
            @Nullable String notCompared) {

        static Part of(String name, Differences found) {
            return new Part(name, found.count(), found.behind(), found.first(), null);
        }

        static Part notCompared(String name, String why) {
            return new Part(name, 0, 0, List.of(), why);
        }
    }
}
