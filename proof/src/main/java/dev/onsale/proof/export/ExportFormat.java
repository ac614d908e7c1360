package dev.onsale.proof.export;

import dev.onsale.eventlog.EventJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Writes and parses the lines of an export. Each line has exactly one canonical form. A line that parses but is not in
 * canonical form was changed, so every byte of an export is covered.
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
        kinds.put("{\"kind\":\"anchor\",", ExportLine.Anchor.class);
        kinds.put("{\"kind\":\"frontier\",", ExportLine.Frontier.class);
        kinds.put("{\"kind\":\"roomProof\",", ExportLine.RoomProof.class);
        return kinds;
    }

    /** The canonical form of a line, without its line feed. */
    public static String render(ExportLine line) {
        return EventJson.mapper().writeValueAsString(line);
    }

    /** Returns {@code null} if the text is not the canonical form of an export line. */
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
