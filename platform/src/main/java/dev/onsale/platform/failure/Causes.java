package dev.onsale.platform.failure;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Searches a failure and its causes. */
public final class Causes {

    /** A chain of causes may be a circle. */
    private static final int DEPTH_MAX = 32;

    private Causes() {}

    /** The first failure of the type, from the outside in. */
    public static <T> @Nullable T find(@Nullable Throwable failure, Class<T> type) {
        Throwable found = find(failure, type::isInstance);
        return found == null ? null : type.cast(found);
    }

    /** The first failure that the predicate accepts, from the outside in. */
    public static @Nullable Throwable find(@Nullable Throwable failure, Predicate<Throwable> wanted) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++) {
            if (wanted.test(cause)) {
                return cause;
            }
            cause = cause.getCause();
        }
        return null;
    }

    public static boolean has(@Nullable Throwable failure, Class<?> type) {
        return find(failure, type) != null;
    }

    /** The innermost cause. */
    public static Throwable root(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < DEPTH_MAX; depth++) {
            cause = cause.getCause();
        }
        return cause;
    }
}
