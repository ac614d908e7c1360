package dev.onsale.waitingroom.token;

import dev.onsale.api.InvalidValueException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the admission keys ({@code onsale.waiting-room.*}).
 *
 * @param keyFile JSON Web Key Set with the admission keys of this node; imported once the database has a master key,
 *     and created only where there is none
 * @param keyRotation how long an admission key signs before the next one does, such as {@code P90D}, at least {@code
 *     PT1H}; without it keys are rotated by hand
 */
@ConfigurationProperties("onsale.waiting-room")
record AdmissionKeyProperties(
        @Nullable Path keyFile, @Nullable Duration keyRotation) {

    private static final Duration ROTATION_MIN = Duration.ofHours(1);

    AdmissionKeyProperties {
        if (keyRotation != null && keyRotation.compareTo(ROTATION_MIN) < 0) {
            throw new InvalidValueException("onsale.waiting-room: key-rotation must be at least " + ROTATION_MIN);
        }
    }
}
