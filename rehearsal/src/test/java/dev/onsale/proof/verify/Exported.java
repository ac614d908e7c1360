package dev.onsale.proof.verify;

import static org.awaitility.Awaitility.await;

import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.rehearsal.running.Onsale;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;

/** The lines of an export, with methods to change them. */
final class Exported {

    final List<String> lines;

    Exported(List<String> lines) {
        this.lines = lines;
    }

    Exported(byte[] compressed) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            lines = new ArrayList<>(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
    }

    static JsonNode head(Onsale onsale) throws Exception {
        return onsale.get("/api/seals/head").send().require(200);
    }

    /** Downloads the export of a sale after all its events are sealed. */
    static byte[] onceSealed(Onsale onsale, String sale) throws Exception {
        long written = onsale.log().head();
        await("everything is sealed")
                .atMost(Duration.ofSeconds(60))
                .until(() -> head(onsale).path("seal").path("lastPosition").asLong() >= written);
        return onsale.get("/api/audit/sales/" + sale + "/export")
                .as(onsale.operator())
                .download();
    }

    /** Index of the line of the n-th event. */
    int event(int number) {
        return first("{\"kind\":\"event\"") + number - 1;
    }

    int lastEvent() {
        int line = event(1);
        while (lines.get(line + 1).startsWith("{\"kind\":\"event\"")) {
            line++;
        }
        return line;
    }

    /** Index of the line of the n-th record of the waiting room that contains the text. n starts at 1. */
    int admission(int number, String text) {
        int found = 0;
        for (int line = 0; line < lines.size(); line++) {
            if (lines.get(line).startsWith("{\"kind\":\"admission\"")
                    && lines.get(line).contains(text)) {
                found++;
                if (found == number) {
                    return line;
                }
            }
        }
        throw new IllegalStateException("No " + number + " admissions have " + text);
    }

    /** Renumbers the waiting room's records without gaps. */
    Exported renumber() {
        long number = 0;
        for (int line = 0; line < lines.size(); line++) {
            if (ExportFormat.parse(lines.get(line)) instanceof ExportLine.Admission admission) {
                number++;
                lines.set(line, ExportFormat.render(ExportLine.Admission.of(number, admission.entry())));
            }
        }
        return this;
    }

    int first(String start) {
        for (int line = 0; line < lines.size(); line++) {
            if (lines.get(line).startsWith(start)) {
                return line;
            }
        }
        throw new IllegalStateException("No line begins with " + start);
    }

    Exported replace(int line, String what, String with) {
        String before = lines.get(line);
        if (!before.contains(what)) {
            throw new IllegalStateException("No " + what + " in " + before);
        }
        lines.set(line, before.replace(what, with));
        return this;
    }

    ExportLine.Event eventAt(int line) {
        return (ExportLine.Event) Objects.requireNonNull(ExportFormat.parse(lines.get(line)));
    }

    /** Recomputes the links of all events from a line on. */
    Exported relink(int from) {
        Digest link =
                from == event(1) ? Digest.ZERO : Digest.ofHex(eventAt(from - 1).link());
        for (int line = from; line <= lastEvent(); line++) {
            ExportLine.Event event = eventAt(line);
            link = event.row().link(link);
            lines.set(line, ExportFormat.render(ExportLine.Event.of(line - event(1) + 1, event.row(), link)));
        }
        return this;
    }

    /** Replaces the last line by one with the right digest and no signature. */
    Exported resum() {
        return resum(end -> end);
    }

    Exported resum(UnaryOperator<ExportLine.End> change) {
        lines.removeLast();
        try {
            java.security.MessageDigest digest = java.security.MessageDigest.getInstance("SHA-256");
            for (String line : lines) {
                digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
            lines.add(ExportFormat.render(
                    change.apply(ExportLine.End.of(lines.size(), Digest.of(digest.digest()), null, null))));
            return this;
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] plain() {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    byte[] compressed() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain());
        }
        return out.toByteArray();
    }
}
