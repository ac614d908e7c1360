package dev.onsale.api.view;

import org.jspecify.annotations.Nullable;

/**
 * The contact details that a buyer gave with a payment.
 *
 * @param name absent if not given, or erased
 * @param email absent if not given, or erased
 * @param erased whether they were given and have been erased since
 */
public record ContactView(@Nullable String name, @Nullable String email, boolean erased) {

    /** It was given, and its key was erased. */
    public static final ContactView ERASED = new ContactView(null, null, true);
}
