package dev.onsale.proof.verify;

import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.ExportLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;

/**
 * One line of a witness's file: the newest seal at a time.
 *
 * @param seenAt when the witness fetched it, by the witness's clock
 * @param url where it was fetched
 * @param head the seal
 */
public record WitnessedHead(String seenAt, String url, ExportLine.Sealed head) {

    Anchor anchor() {
        return new Anchor(head.number(), Hash.seal(head));
    }

    Instant time() {
        return Instant.parse(seenAt);
    }

    /** The line of the file, without its line feed. */
    public String text() {
        return EventJson.mapper().writeValueAsString(this);
    }

    /**
     * The heads of a witness's file, oldest first.
     *
     * @throws DamagedFileException if a line is not a head or the heads are not in order
     */
    public static List<WitnessedHead> read(Path file) throws IOException, DamagedFileException {
        List<WitnessedHead> heads = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (line.isBlank()) {
                continue;
            }
            try {
                WitnessedHead head = EventJson.mapper().readValue(line, WitnessedHead.class);
                head.time();
                if (!head.text().equals(line)
                        || !Hash.seal(head.head()).equals(Hash.parse(head.head().seal()))
                        || (!heads.isEmpty()
                                && heads.getLast().head().number() > head.head().number())) {
                    throw new DamagedFileException("Line " + (heads.size() + 1) + " of " + file + " is damaged");
                }
                heads.add(head);
            } catch (JacksonException | DateTimeException | IllegalArgumentException | NullPointerException wrong) {
                throw new DamagedFileException("Line " + (heads.size() + 1) + " of " + file + " is not a head");
            }
        }
        return heads;
    }
}
