package dev.onsale.platform.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The list that a script returned. By convention the first value is the outcome. */
public record ScriptReply(List<?> values) {

    public String outcome() {
        return text(0);
    }

    public int size() {
        return values.size();
    }

    /** The strings and integers, as texts, of a list within the reply. */
    public List<String> texts(int index) {
        return values.get(index) instanceof List<?> list
                ? list.stream().map(ScriptReply::asText).toList()
                : List.of();
    }

    public String text(int index) {
        return asText(values.get(index));
    }

    public long number(int index) {
        return values.get(index) instanceof Long number ? number : Long.parseLong(text(index));
    }

    static String asText(@Nullable Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }
}
