package dev.onsale.proof.verify;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A way to lie.
 *
 * @param foundAt lowest level that finds it; absent: no level of the role finds it
 * @param finding part of what the check says
 * @param forged the forged file
 */
record Forgery(
        Role role, String name, @Nullable Level foundAt, String finding, Function<PlayedSale, List<String>> forged) {

    enum Role {
        /** Writes to the database. */
        DATABASE,
        /** Has the key too, and nobody else noted a seal. */
        DATABASE_AND_KEY,
        /** Has the key too, and others noted seals. */
        DATABASE_AND_KEY_ANCHORED_ELSEWHERE;

        /** Whether the reader has what the level needs. */
        boolean reaches(Level level) {
            return level != Level.ANCHORED || this == DATABASE_AND_KEY_ANCHORED_ELSEWHERE;
        }
    }

    List<String> lines(PlayedSale sale) {
        return forged.apply(sale);
    }

    @Override
    public String toString() {
        return role + ": " + name;
    }
}
