package dev.onsale.waitingroom.key;

import dev.onsale.api.InvalidValueException;
import java.util.regex.Pattern;

/** Names what is on sale: a performance or a campaign, by the text of its identifier. The room does not ask which. */
public record SaleId(String value) {

    // No braces: the identifier becomes the hash tag of Redis keys.
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public SaleId {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValueException("A sale id has 1 to 64 characters of letters, digits, _ and -");
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
