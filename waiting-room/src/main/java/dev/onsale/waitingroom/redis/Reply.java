package dev.onsale.waitingroom.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a script answered: texts and whole numbers, by position. The first is the outcome. */
public record Reply(List<Object> values) {

    public String outcome() {
        return text(0);
    }

    public int size() {
        return values.size();
    }

    /** Texts, also numbers, of a list within the answer. */
    public List<String> texts(int index) {
        return values.get(index) instanceof List<?> list
                ? list.stream().map(Reply::asText).toList()
                : List.of();
    }

    public String text(int index) {
        return asText(values.get(index));
    }

    public long number(int index) {
        return values.get(index) instanceof Long number ? number : Long.parseLong(text(index));
    }

    private static String asText(@Nullable Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }
}
