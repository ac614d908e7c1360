package dev.onsale.query.seal;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the log is sealed.
 *
 * @param enabled whether this process seals; any number of processes may
 * @param blockEventsMax most events under one seal, 1 to 10,000
 * @param pause before the log is looked at again when everything is sealed
 * @param gapPatience how long a hole in the positions must have been seen before it may be taken for one that stays
 * @param keyFile JSON Web Key Set whose first key signs, created if it is not there; absent: seals are not signed
 */
@ConfigurationProperties("onsale.seals")
record SealSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("2000") int blockEventsMax,
        @DefaultValue("1s") Duration pause,
        @DefaultValue("5s") Duration gapPatience,
        @Nullable Path keyFile) {

    SealSettings {
        if (blockEventsMax < 1 || blockEventsMax > 10_000) {
            throw new IllegalArgumentException("onsale.seals.block-events-max is 1 to 10000, not " + blockEventsMax);
        }
    }
}
