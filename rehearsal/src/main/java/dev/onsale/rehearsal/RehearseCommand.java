package dev.onsale.rehearsal;

import dev.onsale.proof.invariant.Invariant;
import dev.onsale.rehearsal.RehearsalOptions.RedisAddress;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.client.WarmUp;
import dev.onsale.rehearsal.command.CommandRunner;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code ./onsale rehearse}. */
@Command(
        name = "./onsale rehearse",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Simulate a sale over HTTP with many buyers and check the result in the event log.",
            "Without --url or --running it starts a server with its own data, and stops it at the end."
        },
        footer = {
            "",
            "A DURATION is an ISO 8601 duration such as PT30S, PT2M or PT1H.",
            "The last line of the output is RESULT and one JSON object. Exit code: 0 for PASS, 1 for FAIL, 2 if the"
                    + " rehearsal could not run."
        })
public final class RehearseCommand implements Callable<Integer> {

    private static final Duration LOOK_PATIENCE = Duration.ofSeconds(3);

    @Mixin
    final RehearsalOptions options = new RehearsalOptions();

    public static void main(String[] arguments) {
        System.exit(CommandRunner.run(new RehearseCommand(), arguments));
    }

    @Override
    public Integer call() throws NotDoneException, InterruptedException {
        options.validate();
        RehearsalResult result = play();
        new Report(result).print(System.out);
        writeLoadPlot(result);
        return result.passed() ? CommandRunner.PASS : CommandRunner.FAIL;
    }

    private void writeLoadPlot(RehearsalResult result) throws NotDoneException {
        if (options.loadPlot != null) {
            try {
                new LoadPlot(result.load()).write(options.loadPlot);
            } catch (IOException e) {
                throw new NotDoneException("The load plot cannot be written to " + options.loadPlot + ": " + e);
            }
        }
    }

    private RehearsalResult play() throws NotDoneException, InterruptedException {
        try (Progress progress = Progress.onStandardError(Boolean.getBoolean("onsale.terminal"))) {
            String url = options.url();
            return url != null ? against(url, options.redis, progress) : againstItsOwn(progress);
        }
    }

    private RehearsalResult againstItsOwn(Progress progress) throws NotDoneException, InterruptedException {
        progress.begin("starting a server", 0);
        OwnServer server = OwnServer.start(options.port(), options.data());
        @Nullable RehearsalResult result = null;
        try {
            RedisAddress redis = options.flushRedis ? server.redis() : null;
            result = against(server.url(), redis, progress);
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

    private RehearsalResult against(String url, @Nullable RedisAddress redis, Progress progress)
            throws NotDoneException, InterruptedException {
        try (OnsaleClient look = new OnsaleClient(url, 1, LOOK_PATIENCE)) {
            if (!look.answers()) {
                throw new NotDoneException(
                        "No Onsale responds at " + url + "; start it with ./onsale run, or omit --running and --url");
            }
        }
        progress.begin("warming up this client", 0);
        WarmUp.run();
        try (OnsaleClient client = new OnsaleClient(url, options.inFlightMax, options.requestTimeout);
                OnsaleClient observer = new OnsaleClient(url, 1, options.requestTimeout);
                RedisLoss loss = redis == null ? RedisLoss.never() : RedisLoss.of(redis, url, options)) {
            return new Rehearsal(client, observer, options, Clock.systemUTC(), progress, loss).run();
        }
    }
}
