package dev.onsale.embedded;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The child process. It reads commands from standard input. When its input ends, for example because the application
 * died, it stops all servers and ends. Responses go to standard output, one per line; all other output goes to the log.
 */
final class EmbeddedServicesMain {

    private static final System.Logger LOG = System.getLogger("dev.onsale.embedded");
    static final String STOP = "stop";
    static final String PROGRESS = "progress ";
    static final String READY = "ready ";
    static final String DONE = "done";
    static final String FAILED = "failed ";

    private EmbeddedServicesMain() {}

    public static void main(String[] arguments) throws Exception {
        var toApplication = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        var supervisor = new Supervisor(
                EmbeddedServicesArguments.decode(List.of(arguments)), line -> toApplication.println(PROGRESS + line));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(supervisor::close));

        try (ExecutorService inOrder = Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().factory());
                var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            inOrder.execute(() -> answer(toApplication, () -> READY + supervisor.start()));
            String command = commands.readLine();
            while (command != null && !command.equals(STOP)) {
                String todo = command;
                inOrder.execute(() -> answer(toApplication, () -> {
                    supervisor.execute(todo);
                    return DONE;
                }));
                command = commands.readLine();
            }
            supervisor.close();
            // All servers have ended; a start that still hangs must not keep the process alive.
            Runtime.getRuntime().halt(0);
        }
    }

    private interface Work {
        String run() throws Exception;
    }

    private static void answer(PrintStream toApplication, Work work) {
        String answer;
        try {
            answer = work.run();
        } catch (EmbeddedServicesException e) {
            LOG.log(System.Logger.Level.ERROR, e.getMessage(), e.getCause());
            answer = FAILED + e.getMessage();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.ERROR, "The failure could not be reported to the application", e);
            answer = FAILED + new EmbeddedServicesException("The embedded services failed: " + e).getMessage();
        }
        toApplication.println(answer);
    }
}
