package dev.onsale.rehearsal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Shows the progress of a long task: a progress bar on a terminal, an occasional line elsewhere. */
final class Progress implements AutoCloseable {

    private static final Duration REDRAW = Duration.ofMillis(150);
    private static final Duration LINE = Duration.ofSeconds(5);
    private static final int BAR_WIDTH = 30;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());
    private final ScheduledFuture<?> ticking;
    private volatile @Nullable Stage stage;

    private record Stage(String what, long total, AtomicLong done, long startNanos) {}

    static Progress onStandardError(boolean terminal) {
        return new Progress(System.err, terminal);
    }

    private Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        long every = (terminal ? REDRAW : LINE).toMillis();
        this.ticking = timer.scheduleAtFixedRate(this::show, every, every, TimeUnit.MILLISECONDS);
    }

    /** @param total number of steps; 0 if unknown */
    synchronized void begin(String what, long total) {
        end();
        stage = new Stage(what, total, new AtomicLong(), System.nanoTime());
        if (!terminal) {
            out.println(what + " ...");
        }
        show();
    }

    void step() {
        Stage now = stage;
        if (now != null) {
            now.done().incrementAndGet();
        }
    }

    /** Ends the stage and leaves its duration on the screen. */
    synchronized void end() {
        Stage last = stage;
        if (last != null) {
            stage = null;
            out.println((terminal ? ERASE_LINE : "") + text(last, false));
        }
    }

    private synchronized void show() {
        Stage now = stage;
        if (now == null) {
            return;
        }
        if (terminal) {
            out.print(ERASE_LINE + text(now, true));
            out.flush();
        } else if (System.nanoTime() - now.startNanos() >= LINE.toNanos() / 2) {
            out.println(text(now, true));
        }
    }

    private static String text(Stage stage, boolean running) {
        double seconds = (System.nanoTime() - stage.startNanos()) / 1e9;
        StringBuilder text = new StringBuilder(String.format("%-28s", stage.what()));
        if (stage.total() > 0) {
            long done = Math.min(stage.done().get(), stage.total());
            if (running) {
                int filled = (int) (done * BAR_WIDTH / stage.total());
                text.append('[')
                        .append("#".repeat(filled))
                        .append("-".repeat(BAR_WIDTH - filled))
                        .append("] ");
            }
            text.append(String.format("%,d/%,d  ", done, stage.total()));
        }
        return text.append(String.format("%.1f s", seconds)).toString();
    }

    @Override
    public void close() {
        end();
        ticking.cancel(true);
        timer.shutdownNow();
    }
}
