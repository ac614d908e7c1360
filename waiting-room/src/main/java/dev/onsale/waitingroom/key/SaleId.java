package dev.onsale.waitingroom.key;

import dev.onsale.api.InvalidValueException;
import java.util.regex.Pattern;

/** Identifier of what is on sale: a performance or a campaign. */
public record SaleId(String value) {

    // Without braces, because the identifier is the hash tag of Redis keys.
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public SaleId {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValueException("A sale id must have 1 to 64 characters of letters, digits, _ and -");
        }
    }

    public static SaleId of(String text) {
        return new SaleId(text);
    }

    @Override
    public String toString() {
        return value;
    }
}
