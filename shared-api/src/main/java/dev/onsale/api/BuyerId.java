package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** Names a person who buys: the subject of the bearer token, 1 to 128 characters of letters, digits and {@code ._:@|+-}. */
public record BuyerId(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._:@|+-]{1,128}");

    public BuyerId {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValueException("A buyer id has 1 to 128 characters of letters, digits and ._:@|+-");
        }
    }

    /**
     * @throws InvalidValueException if the text has another form
     */
    @JsonCreator
    public static BuyerId of(String text) {
        return new BuyerId(text);
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
