package dev.onsale.platform.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FailureSeriesTest {

    private final AtomicLong now = new AtomicLong();
    private final FailureSeries series = new FailureSeries("The bank", "letters", now::get);
    private final Logger logger = (Logger) LoggerFactory.getLogger(SupervisedWork.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
    }

    private void passes(Duration time) {
        now.addAndGet(time.toNanos());
        series.look();
    }

    private List<String> lines() {
        return log.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void a_series_is_two_lines_and_counts_each_task_once() {
        for (int round = 0; round < 50; round++) {
            for (int task = 0; task < 3; task++) {
                series.failed("open", "letter-" + task, "HTTP 503");
            }
            passes(Duration.ofSeconds(1));
        }
        assertThat(series.waiting()).isEqualTo(3);
        assertThat(series.isFailing("open")).isTrue();
        assertThat(lines()).containsExactly("The bank failed and is tried again: open: HTTP 503");
        assertThat(log.list)
                .noneMatch(line -> line.getThrowableProxy() != null
                        && line.getThrowableProxy().getStackTraceElementProxyArray().length > 0);

        series.worked("open");
        passes(Duration.ofSeconds(6));
        assertThat(lines()).hasSize(2).last().isEqualTo("The bank works again after 56 s; letters that waited: 3");
        assertThat(series.waiting()).isZero();
        assertThat(series.isFailing("open")).isFalse();
    }

    /** The console shows nothing below WARN: who reads there that it began must read there that it ended. */
    @Test
    void both_lines_are_on_the_console() {
        series.failed("open", "letter", "HTTP 503");
        series.worked("open");
        passes(Duration.ofSeconds(5));
        assertThat(log.list)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.WARN, Level.WARN);
    }

    @Test
    void a_service_that_fails_now_and_then_is_one_series() {
        for (int i = 0; i < 100; i++) {
            series.failed("open", "letter-" + i, "HTTP 503");
            series.worked("open");
            passes(Duration.ofSeconds(4));
        }
        assertThat(lines()).hasSize(1);
    }

    @Test
    void silence_is_no_success() {
        series.failed("open", "letter", "HTTP 503");
        passes(Duration.ofHours(10));
        assertThat(lines()).hasSize(1);
        series.worked("open");
        assertThat(lines()).hasSize(2);
    }

    @Test
    void a_part_that_pauses_as_long_as_the_service_asked_is_not_forgotten() {
        series.failed("close", "letter", "HTTP 429", Duration.ofHours(1));
        for (int minute = 0; minute < 60; minute++) {
            series.worked("open");
            passes(Duration.ofMinutes(1));
        }
        assertThat(lines()).hasSize(1);
        assertThat(series.isFailing("close")).isTrue();
        series.worked("close");
        assertThat(lines()).hasSize(2);
    }

    @Test
    void a_part_that_works_does_not_hide_one_that_fails_and_is_tried_again() {
        for (int minute = 0; minute < 30; minute++) {
            series.failed("close", "letter", "HTTP 500");
            for (int i = 0; i < 6; i++) {
                series.worked("open");
                passes(Duration.ofSeconds(10));
            }
        }
        assertThat(lines()).hasSize(1);
        series.worked("close");
        assertThat(lines()).hasSize(2);
    }

    @Test
    void a_part_that_nobody_tries_any_more_does_not_keep_the_series_open() {
        series.failed("close", "letter", "HTTP 500");
        series.worked("open");
        passes(Duration.ofMinutes(3).minusMillis(1));
        assertThat(lines()).hasSize(1);
        passes(Duration.ofMillis(1));
        assertThat(lines()).hasSize(2);
    }

    @Test
    void the_next_series_counts_anew() {
        series.failed("open", "letter-1", "HTTP 503");
        series.worked("open");
        passes(Duration.ofSeconds(5));
        passes(Duration.ofHours(1));
        series.failed("open", "letter-2", "HTTP 503");
        series.worked("open");
        passes(Duration.ofSeconds(5));
        assertThat(lines()).hasSize(4).last().isEqualTo("The bank works again after 5 s; letters that waited: 1");
    }

    @Test
    void work_without_failures_says_nothing() {
        series.worked("open");
        passes(Duration.ofHours(1));
        assertThat(lines()).isEmpty();
    }
}
