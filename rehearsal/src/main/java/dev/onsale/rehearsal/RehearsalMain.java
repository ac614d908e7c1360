package dev.onsale.rehearsal;

import dev.onsale.proof.invariant.Invariant;
import dev.onsale.rehearsal.RehearsalOptions.RedisAddress;
import dev.onsale.rehearsal.RehearsalOptions.UsageException;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.client.OnsaleClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code ./onsale rehearse}. */
public final class RehearsalMain {

    private static final int PASS = 0;
    private static final int FAIL = 1;
    private static final int NOT_PLAYED = 2;
    private static final Duration LOOK_PATIENCE = Duration.ofSeconds(3);

    private RehearsalMain() {}

    public static void main(String[] arguments) {
        // Before the first logger exists: the standard output is the report.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "dev/onsale/rehearsal/logback.xml");
        }
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        try {
            Optional<RehearsalOptions> options = RehearsalOptions.parse(arguments);
            if (options.isEmpty()) {
                System.out.print(RehearsalOptions.HELP);
                return PASS;
            }
            RehearsalResult result = play(options.get());
            new Report(result).print(System.out);
            return result.passed() ? PASS : FAIL;
        } catch (UsageException e) {
            System.err.println("rehearse: " + e.getMessage());
        } catch (NotDoneException e) {
            System.err.println("The rehearsal could not be played. " + e.getMessage());
        } catch (InterruptedException e) {
            System.err.println("The rehearsal was interrupted.");
        }
        return NOT_PLAYED;
    }

    private static RehearsalResult play(RehearsalOptions options) throws NotDoneException, InterruptedException {
        try (Progress progress = Progress.onStandardError(Boolean.getBoolean("onsale.terminal"))) {
            String url = options.url();
            return url != null
                    ? against(url, options.flushRedis().at(), options, progress)
                    : againstItsOwn(options, progress);
        }
    }

    private static RehearsalResult againstItsOwn(RehearsalOptions options, Progress progress)
            throws NotDoneException, InterruptedException {
        progress.begin("starting a server", 0);
        OwnServer server = OwnServer.start(options.port(), options.data());
        @Nullable RehearsalResult result = null;
        try {
            RedisAddress redis = options.flushRedis().asked() ? server.redis() : null;
            result = against(server.url(), redis, options, progress);
            return result;
        } finally {
            progress.begin("stopping the server", 0);
            List<String> left = server.close();
            for (String what : left) {
                if (result == null) {
                    System.err.println(what);
                } else {
                    result.findings().add(Invariant.NOTHING_LEFT_BEHIND, what);
                }
            }
        }
    }

    private static RehearsalResult against(
            String url, @Nullable RedisAddress redis, RehearsalOptions options, Progress progress)
            throws NotDoneException, InterruptedException {
        try (OnsaleClient look = new OnsaleClient(url, 1, LOOK_PATIENCE)) {
            if (!look.answers()) {
                throw new NotDoneException("No Onsale answers at " + url
                        + "; start one with ./onsale run, or leave --running and --url away");
            }
        }
        try (OnsaleClient client = new OnsaleClient(url, options.inFlightMax(), options.requestTimeout());
                RedisLoss loss = redis == null ? RedisLoss.never() : RedisLoss.of(redis, url, options)) {
            return new Rehearsal(client, options, Clock.systemUTC(), progress, loss).run();
        }
    }
}
