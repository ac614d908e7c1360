package dev.onsale.waitingroom.token;

import dev.onsale.api.InvalidValueException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the admission keys, beside those of the waiting room.
 *
 * @param keyFile JSON Web Key Set of this node from before, or for a host without a master key
 * @param keyRotation how long a key signs before the next one does; without it keys are rotated by hand alone
 */
@ConfigurationProperties("onsale.waiting-room")
record AdmissionKeyProperties(
        @Nullable Path keyFile, @Nullable Duration keyRotation) {

    private static final Duration ROTATION_MIN = Duration.ofHours(1);

    AdmissionKeyProperties {
        if (keyRotation != null && keyRotation.compareTo(ROTATION_MIN) < 0) {
            throw new InvalidValueException("onsale.waiting-room: key-rotation is at least " + ROTATION_MIN);
        }
    }
}
