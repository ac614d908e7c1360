package dev.onsale.waitingroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** "No" as a value. */
public final class Refusals {

    private Refusals() {}

    public static void assertRefused(RefusalCode code, ThrowingCallable work) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, work);
        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.code()).isEqualTo(code);
    }
}
