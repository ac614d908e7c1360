package dev.onsale.rehearsal.command;

import dev.onsale.eventlog.EventJson;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Prints the last line of a command's output: RESULT and one JSON object, for scripts. Also rounds its figures. */
public final class ResultLine {

    private ResultLine() {}

    /** @param figures in printing order; must contain {@code name} and {@code pass} */
    public static void print(PrintStream out, Map<String, ?> figures) {
        out.println("RESULT " + EventJson.mapper().writeValueAsString(figures));
    }

    /** The value rounded to two decimals. */
    public static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** The median; for an even number of values the higher of the two middle values. */
    public static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
