package dev.onsale.proof.sealing;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the seals of the event log ({@code onsale.seals.*}).
 *
 * @param enabled whether this process seals the log; several processes may
 * @param blockEventsMax events under one seal, 1 to 10,000
 * @param pause time until the log is read again after everything was sealed
 * @param gapPatience how long a gap in the positions must exist before it may count as a rolled-back transaction
 * @param keyFile JSON Web Key Set whose first private key signs the seals; created if it does not exist. The same on all
 *     nodes; keep the public parts of former keys in it. Without it seals are not signed
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
