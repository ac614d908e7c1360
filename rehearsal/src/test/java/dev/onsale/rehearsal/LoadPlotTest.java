package dev.onsale.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadPlotTest {

    private static final List<LoadCurve.Point> POINTS = List.of(
            new LoadCurve.Point(0, 0, 0), new LoadCurve.Point(1, 8_000, 100), new LoadCurve.Point(2, 4_000, 50));

    @Test
    void bars_are_relative_to_the_highest_value_of_their_line() {
        assertThat(printed(POINTS)).contains(" █▄  at most 8,000", " █▄  at most 100");
    }

    @Test
    void a_long_run_fits_a_terminal_and_keeps_its_highest_second() {
        List<LoadCurve.Point> points = IntStream.range(0, 1_000)
                .mapToObj(second -> new LoadCurve.Point(second, second == 500 ? 9_999 : 0, 0))
                .toList();

        assertThat(printed(points).lines()).allMatch(line -> line.length() < 120);
        assertThat(printed(points)).containsOnlyOnce("█").contains("at most 9,999");
    }

    @Test
    void a_csv_and_an_svg_file_have_every_second(@TempDir Path folder) throws Exception {
        new LoadPlot(POINTS).write(folder.resolve("new").resolve("load"));

        assertThat(folder.resolve("new/load.csv")).hasContent("second,requests,events\n0,0,0\n1,8000,100\n2,4000,50\n");
        var svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("new/load.svg").toFile());
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(svg.getElementsByTagName("polyline")
                        .item(0)
                        .getAttributes()
                        .getNamedItem("points")
                        .getNodeValue())
                .isEqualTo("50.0,250.0 450.0,50.0 850.0,150.0");
    }

    private static String printed(List<LoadCurve.Point> points) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new LoadPlot(points).print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
