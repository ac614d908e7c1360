package dev.onsale.rehearsal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Shows a load curve: as bars in a terminal, as CSV and as SVG. */
final class LoadPlot {

    private static final String BARS = " ▁▂▃▄▅▆▇█";
    private static final int COLUMNS_MAX = 72;
    private static final int WIDTH = 900;
    private static final int HEIGHT = 300;
    private static final int MARGIN = 50;

    private final List<LoadCurve.Point> points;

    LoadPlot(List<LoadCurve.Point> points) {
        this.points = List.copyOf(points);
    }

    /** Two lines of bars, each to its own scale, because the stored events are few compared with the requests. */
    void print(PrintStream out) {
        out.printf(Locale.ROOT, "  load levelling, %,d s%n", points.size());
        print(out, "requests per s", LoadCurve.Point::requests);
        print(out, "events stored per s", LoadCurve.Point::events);
    }

    private void print(PrintStream out, String name, ToLongFunction<LoadCurve.Point> value) {
        out.printf(Locale.ROOT, "  %-22s %s  at most %,d%n", name, bars(value), max(value));
    }

    private String bars(ToLongFunction<LoadCurve.Point> value) {
        int perColumn = Math.max(1, (points.size() + COLUMNS_MAX - 1) / COLUMNS_MAX);
        long max = Math.max(1, max(value));
        StringBuilder bars = new StringBuilder();
        for (int from = 0; from < points.size(); from += perColumn) {
            long highest = points.subList(from, Math.min(points.size(), from + perColumn)).stream()
                    .mapToLong(value)
                    .max()
                    .orElse(0);
            bars.append(BARS.charAt((int) Math.ceil((BARS.length() - 1) * (double) highest / max)));
        }
        return bars.toString();
    }

    private long max(ToLongFunction<LoadCurve.Point> value) {
        return points.stream().mapToLong(value).max().orElse(0);
    }

    /** Writes {@code NAME.csv} and {@code NAME.svg}. */
    void write(Path name) throws IOException {
        Path folder = name.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(name.resolveSibling(name.getFileName() + ".csv"), csv());
        Files.writeString(name.resolveSibling(name.getFileName() + ".svg"), svg());
    }

    String csv() {
        return points.stream()
                .map(point -> point.second() + "," + point.requests() + "," + point.events())
                .collect(Collectors.joining("\n", "second,requests,events\n", "\n"));
    }

    String svg() {
        long max = Math.max(1, Math.max(max(LoadCurve.Point::requests), max(LoadCurve.Point::events)));
        return String.format(
                Locale.ROOT,
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" font-family="sans-serif" font-size="13">
                <title>Requests answered and events stored per second</title>
                <rect width="%1$d" height="%2$d" fill="#ffffff"/>
                <path d="M%3$d %3$d V%4$d H%5$d" fill="none" stroke="#444444"/>
                <text x="%3$d" y="%6$d">%7$,d per second</text>
                <text x="%5$d" y="%8$d" text-anchor="end">%9$d s</text>
                <polyline fill="none" stroke="#1d3557" stroke-width="2" points="%10$s"/>
                <polyline fill="none" stroke="#c8500a" stroke-width="2" stroke-dasharray="6 3" points="%11$s"/>
                <text x="%12$d" y="20" fill="#1d3557">requests answered</text>
                <text x="%13$d" y="20" fill="#c8500a">events stored (dashed)</text>
                </svg>
                """,
                WIDTH,
                HEIGHT,
                MARGIN,
                HEIGHT - MARGIN,
                WIDTH - MARGIN,
                MARGIN - 8,
                max,
                HEIGHT - MARGIN + 20,
                points.size(),
                line(LoadCurve.Point::requests, max),
                line(LoadCurve.Point::events, max),
                WIDTH / 2,
                WIDTH / 2 + 170);
    }

    private String line(ToLongFunction<LoadCurve.Point> value, long max) {
        double step = (WIDTH - 2.0 * MARGIN) / Math.max(1, points.size() - 1);
        double scale = (HEIGHT - 2.0 * MARGIN) / max;
        return points.stream()
                .map(point -> String.format(
                        Locale.ROOT,
                        "%.1f,%.1f",
                        MARGIN + step * point.second(),
                        HEIGHT - MARGIN - scale * value.applyAsLong(point)))
                .collect(Collectors.joining(" "));
    }
}
