package dev.onsale.waitingroom.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a script answered: texts and whole numbers, by position. The first is the outcome. */
public record Reply(List<Object> values) {

    public String outcome() {
        return text(0);
    }

    public String text(int index) {
        Object value = values.get(index);
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }

    public long number(int index) {
        return values.get(index) instanceof Long number ? number : Long.parseLong(text(index));
    }
}
