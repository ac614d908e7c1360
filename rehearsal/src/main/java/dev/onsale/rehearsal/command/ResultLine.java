package dev.onsale.rehearsal.command;

import dev.onsale.eventlog.EventJson;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** The last line of a command's output: RESULT and one JSON object, for scripts; and how its figures are rounded. */
public final class ResultLine {

    private ResultLine() {}

    /**
     * @param figures in the order in which they are printed; {@code name} and {@code pass} are among them
     */
    public static void print(PrintStream out, Map<String, ?> figures) {
        out.println("RESULT " + EventJson.mapper().writeValueAsString(figures));
    }

    /** The value with two decimals. */
    public static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** The middle value; of an even number of values the higher one of the two in the middle. */
    public static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
