package dev.onsale.proof.export;

import dev.onsale.eventlog.EventJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Writes and reads lines. A line has exactly one spelling: what reads well and is spelled otherwise was changed, so that not
 * one byte of an export is without meaning.
 */
public final class ExportFormat {

    private static final Map<String, Class<? extends ExportLine>> KINDS = kinds();

    private ExportFormat() {}

    private static Map<String, Class<? extends ExportLine>> kinds() {
        Map<String, Class<? extends ExportLine>> kinds = new LinkedHashMap<>();
        kinds.put("{\"kind\":\"header\",", ExportLine.Header.class);
        kinds.put("{\"kind\":\"event\",", ExportLine.Event.class);
        kinds.put("{\"kind\":\"missing\",", ExportLine.Missing.class);
        kinds.put("{\"kind\":\"admission\",", ExportLine.Admission.class);
        kinds.put("{\"kind\":\"seal\",", ExportLine.Sealed.class);
        kinds.put("{\"kind\":\"proof\",", ExportLine.Proof.class);
        kinds.put("{\"kind\":\"end\",", ExportLine.End.class);
        return kinds;
    }

    /** Without its line feed. */
    public static String render(ExportLine line) {
        return EventJson.mapper().writeValueAsString(line);
    }

    /** Nothing if the text is not, letter for letter, a line of an export. */
    public static @Nullable ExportLine parse(String text) {
        for (Map.Entry<String, Class<? extends ExportLine>> kind : KINDS.entrySet()) {
            if (text.startsWith(kind.getKey())) {
                try {
                    ExportLine line = EventJson.mapper().readValue(text, kind.getValue());
                    return render(line).equals(text) ? line : null;
                } catch (JacksonException | NullPointerException notOne) {
                    return null;
                }
            }
        }
        return null;
    }
}
