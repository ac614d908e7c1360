package dev.onsale.rehearsal.command;

import dev.onsale.rehearsal.client.NotDoneException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Parses the arguments of a command, runs it, and converts its exceptions to a one-line message and an exit code. */
public final class CommandRunner {

    /** Exit code: the command ran and the result is good. */
    public static final int PASS = 0;

    /** Exit code: the command ran and the result is bad. */
    public static final int FAIL = 1;

    /** Exit code: the command could not run. */
    public static final int NOT_DONE = 2;

    private CommandRunner() {}

    /**
     * Runs a command whose standard output is a report. Nothing is logged there.
     *
     * @param command object with picocli's annotations; its name is the command that the user types
     * @return {@link #PASS}, {@link #FAIL} or {@link #NOT_DONE}
     */
    public static int run(Callable<Integer> command, String... arguments) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "dev/onsale/rehearsal/logback.xml");
        }
        return commandLine(command).execute(arguments);
    }

    /** A command line with Onsale's error messages. Also used by tests of arguments. */
    public static CommandLine commandLine(Object command) {
        return new CommandLine(command)
                .addMixin("help", new Help())
                .setUsageHelpLongOptionsMaxWidth(30)
                .setUsageHelpWidth(120)
                .setParameterExceptionHandler((wrong, arguments) -> {
                    CommandLine line = wrong.getCommandLine();
                    line.getErr()
                            .println(line.getCommandName() + ": " + wrong.getMessage() + ", see "
                                    + line.getCommandName() + " --help");
                    return NOT_DONE;
                })
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    switch (failure) {
                        case NotDoneException known -> complain(line, String.valueOf(known.getMessage()));
                        case IOException known -> complain(line, "could not run: " + known.getMessage());
                        case InterruptedException interrupted -> complain(line, "interrupted");
                        default -> failure.printStackTrace(line.getErr());
                    }
                    return NOT_DONE;
                });
    }

    private static void complain(CommandLine line, String message) {
        line.getErr().println(line.getCommandName() + ": " + message);
    }

    /** The --help option of every command. */
    private static final class Help {

        @Option(names = "--help", usageHelp = true, description = "show this help")
        private boolean unused;
    }
}
