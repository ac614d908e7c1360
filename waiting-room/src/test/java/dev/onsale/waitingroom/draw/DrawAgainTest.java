package dev.onsale.waitingroom.draw;

import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.FENCE;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onsale.waitingroom.HandMovedClock;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.room.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** The few lines in the documentation with which anyone draws the order again, run as they are printed there. */
@Tag("services")
class DrawAgainTest {

    private static final int VISITORS = 500;
    private static final Pattern LINES = Pattern.compile("To repeat the draw:\n\n```python\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder = Path.of("set by JUnit");

    @Test
    void the_lines_of_the_documentation_find_every_rank_and_any_change_of_the_draw() throws Exception {
        Path script = Files.writeString(folder.resolve("draw.py"), documented());
        assumeTrue(pythonIsThere(), "python3 is not installed; OpeningDrawTest draws the order again in Java");
        try (RoomFixture room = new RoomFixture()) {
            OpeningDraw.Draw draw = drawn(room);
            List<String> order = queue(room);

            for (int rank : List.of(1, 2, VISITORS / 2, VISITORS)) {
                assertThat(run(script, draw, order.get(rank - 1))).isEqualTo("rank " + rank + " of " + VISITORS);
            }

            List<String> swapped = new ArrayList<>(draw.visitors());
            Collections.swap(swapped, 0, 1);
            assertThat(run(script, with(draw, draw.seed(), swapped), order.getFirst()))
                    .contains("AssertionError");
            assertThat(run(script, with(draw, Seed.random(), draw.visitors()), order.getFirst()))
                    .contains("AssertionError");
            assertThat(run(script, draw, "mallory")).contains("ValueError");
        }
    }

    private static OpeningDraw.Draw with(OpeningDraw.Draw draw, String seed, List<String> visitors) {
        return new OpeningDraw.Draw(draw.saleId(), draw.commitment(), seed, visitors);
    }

    private static OpeningDraw.Draw drawn(RoomFixture room) {
        Instant opens = HandMovedClock.NOON.plusSeconds(60);
        room.open(RoomFixture.withTimes(RoomFixture.settings(10, 10, null, null), null, opens, null));
        Flux.range(0, VISITORS)
                .concatMap(i -> room.visitors.join(room.sale, buyer(i), JoinOrigin.UNKNOWN))
                .blockLast(BOUND);
        room.clock.advance(Duration.ofSeconds(60));
        room.admit();
        assertThat(room.opening.run(room.sale, FENCE)).isTrue();
        room.writer.write(room.sale);
        return room.opening.published(room.store.find(room.sale).orElseThrow()).orElseThrow();
    }

    private static List<String> queue(RoomFixture room) {
        var queue = room.raw.opsForZSet().range(room.keys.queue(), 0, -1);
        return queue == null ? List.of() : List.copyOf(queue);
    }

    private static String documented() throws IOException {
        Path module = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));
        Matcher lines = LINES.matcher(Files.readString(module.resolve("../docs/api.md")));
        assertThat(lines.find()).as("docs/api.md has the lines").isTrue();
        return lines.group(1);
    }

    private static boolean pythonIsThere() throws InterruptedException {
        try {
            Process python = new ProcessBuilder("python3", "--version")
                    .redirectErrorStream(true)
                    .start();
            return python.waitFor(30, TimeUnit.SECONDS) && python.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    private static String run(Path script, OpeningDraw.Draw draw, String visitor) throws Exception {
        Process python = new ProcessBuilder("python3", script.toString(), visitor)
                .redirectErrorStream(true)
                .start();
        try (var input = python.outputWriter(StandardCharsets.UTF_8)) {
            input.write(RoomFixture.JSON.writeValueAsString(draw));
        }
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said.strip();
    }
}
