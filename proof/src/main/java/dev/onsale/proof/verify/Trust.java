package dev.onsale.proof.verify;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user of a check trusts, from outside the file.
 *
 * @param keys trusted keys; absent: the keys named in the file, which prove nothing about its author
 * @param anchors seals noted earlier; the file must prove the state of the sale at each
 * @param witnessed heads that witnesses kept; the file must continue all of them that it has and prove the newest
 * @param allowUnsigned whether seals and file may lack a signature although keys are given
 * @param sealedWithin longest time between an event and its seal
 */
record Trust(
        @Nullable Keys keys,
        List<Anchor> anchors,
        List<List<WitnessedHead>> witnessed,
        boolean allowUnsigned,
        Duration sealedWithin) {

    static final Duration SEALED_WITHIN = Duration.ofMinutes(10);

    static final Trust NOTHING = new Trust(null, List.of(), List.of(), false, SEALED_WITHIN);

    Trust {
        anchors = List.copyOf(anchors);
        witnessed = List.copyOf(witnessed);
    }

    /** The level that is asked for. */
    Level level() {
        if (!anchors.isEmpty() || !witnessed.isEmpty()) {
            return Level.ANCHORED;
        }
        return keys == null ? Level.SELF_CONSISTENT : Level.SIGNED;
    }
}
