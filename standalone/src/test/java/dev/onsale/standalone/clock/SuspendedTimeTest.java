package dev.onsale.standalone.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuspendedTimeTest {

    @TempDir
    private Path folder = Path.of("set by JUnit");

    @Test
    void what_the_uptime_counts_and_the_process_does_not_is_told_once() throws IOException {
        Path uptime = uptime(1_000);
        SuspendedTime suspended = new SuspendedTime(uptime);
        assertThat(suspended.sinceLast()).isEqualTo(Duration.ZERO);

        uptime(1_000 + 28_800);

        assertThat(suspended.sinceLast()).isBetween(Duration.ofSeconds(28_790), Duration.ofSeconds(28_800));
        assertThat(suspended.sinceLast()).isEqualTo(Duration.ZERO);
    }

    @Test
    void without_the_file_nothing_is_told_also_when_it_appears() throws IOException {
        SuspendedTime suspended = new SuspendedTime(folder.resolve("uptime"));
        assertThat(suspended.sinceLast()).isEqualTo(Duration.ZERO);

        uptime(1_000_000);

        assertThat(suspended.sinceLast()).isEqualTo(Duration.ZERO);
    }

    @Test
    void a_machine_that_was_not_suspended_tells_nothing() {
        assertThat(new SuspendedTime().sinceLast()).isEqualTo(Duration.ZERO);
    }

    private Path uptime(long seconds) throws IOException {
        return Files.writeString(folder.resolve("uptime"), seconds + ".25 99.00\n");
    }
}
