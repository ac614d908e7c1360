package dev.onsale.verification.proof;

import dev.onsale.eventlog.export.ExportFormat;
import dev.onsale.eventlog.export.ExportLine;
import dev.onsale.eventlog.seal.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The lines of an export, for tests that change them. */
final class Exported {

    final List<String> lines;

    Exported(byte[] compressed) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            lines = new ArrayList<>(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
    }

    /** Where the n-th event is. */
    int event(int number) {
        return first("{\"kind\":\"event\"") + number - 1;
    }

    int lastEvent() {
        return first("{\"kind\":\"seal\"") - 1;
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

    /** Rewrites all events from a line on, so that each fits the one before. */
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

    /** Gives the file a last line that fits it, unsigned. */
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
