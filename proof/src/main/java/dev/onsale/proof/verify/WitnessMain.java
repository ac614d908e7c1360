package dev.onsale.proof.verify;

import dev.onsale.proof.verify.CommandArguments.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The command {@code ./onsale witness URL}, for people who do not trust the operator. */
public final class WitnessMain {

    private static final int SEEN = 0;
    private static final int REWRITTEN = 1;
    private static final int NOT_DONE = 2;

    private static final String HELP = """
            ./onsale witness URL [--every PT10M] [--file witness.jsonl] [--key KEYS]

              URL          an Onsale server, such as https://tickets.example
              --every D    look again after this time, until stopped; without it: once
              --file FILE  the heads that were seen; kept and continued by later runs
              --key KEYS   file with the trusted public keys; without it signatures are not checked

            Fetches the newest seal and requires a proof that it continues the last one in the file (RFC 9162).
            If it does not, the log was rewritten: the command says so and ends. The file is for
            ./onsale verify FILE --witness witness.jsonl
            Exit codes: 0 seen, 1 the log was rewritten, 2 the server or a file could not be read.
            """;

    private WitnessMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) throws InterruptedException {
        @Nullable String url = null;
        @Nullable Duration every = null;
        @Nullable Keys keys = null;
        Path file = Path.of("witness.jsonl");
        try {
            CommandArguments rest = new CommandArguments(arguments);
            while (rest.hasNext()) {
                String argument = rest.next();
                switch (argument) {
                    case "--help", "-h" -> {
                        System.out.print(HELP);
                        return SEEN;
                    }
                    case "--every" -> every = rest.duration(argument);
                    case "--file" -> file = Path.of(rest.value(argument));
                    case "--key" -> keys = rest.keys(argument);
                    default -> {
                        if (argument.startsWith("--") || url != null) {
                            return usage("unknown option " + argument);
                        }
                        url = argument;
                    }
                }
            }
        } catch (IOException | UsageException wrong) {
            return usage(String.valueOf(wrong.getMessage()));
        }
        if (url == null || (every != null && (every.isZero() || every.isNegative()))) {
            return usage(url == null ? "URL is missing" : "--every must be positive");
        }
        Clock clock = Clock.systemUTC();
        return watch(new Witness(url, file, keys, clock), every, clock);
    }

    private static int watch(Witness witness, @Nullable Duration every, Clock clock) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        int result = NOT_DONE;
        do {
            try {
                System.out.println(clock.instant() + "  " + witness.look());
                result = SEEN;
            } catch (Witness.RewrittenException rewritten) {
                System.out.println(clock.instant() + "  REWRITTEN  " + rewritten.getMessage());
                System.err.println("witness: THE LOG WAS REWRITTEN. " + rewritten.getMessage());
                return REWRITTEN;
            } catch (DamagedFileException | IllegalArgumentException damaged) {
                System.err.println("witness: " + damaged.getMessage());
                return NOT_DONE;
            } catch (IOException unreachable) {
                System.err.println(clock.instant() + "  not seen: " + unreachable.getMessage());
                result = NOT_DONE;
            }
        } while (every != null && !never.await(every.toMillis(), TimeUnit.MILLISECONDS));
        return result;
    }

    private static int usage(String message) {
        System.err.println("witness: " + message + ". See ./onsale witness --help");
        return NOT_DONE;
    }
}
