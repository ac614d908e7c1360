package dev.onsale.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Builds and starts child JVMs of the same installation. */
final class ChildProcesses {

    private static final String CLASS_PATH_PROPERTY = "onsale.embedded.class-path";

    private static final Object FORK = new Object();

    private ChildProcesses() {}

    static List<String> java(DataDirectory data, List<String> jvmOptions, Class<?> main, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-XX:+UseSerialGC");
        // Otherwise every JVM creates a file in the system's temporary directory.
        command.add("-XX:-UsePerfData");
        // Standard output is used for responses, so the JVM's own warnings go to standard error, which is logged.
        command.add("-XX:+DisplayVMOutputToStderr");
        command.add("-Djava.io.tmpdir=" + data.temporary());
        command.add("-Dfile.encoding=UTF-8");
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith("onsale.embedded.") && !name.equals(CLASS_PATH_PROPERTY)) {
                command.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        command.add("-cp");
        command.add(System.getProperty(CLASS_PATH_PROPERTY, System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }

    /**
     * Starts the command in a new session, so that Ctrl-C in the terminal reaches only the application, which stops the
     * services when it has closed. Without {@code setsid} the services also receive Ctrl-C; they then stop earlier, but
     * cleanly.
     */
    static List<String> inOwnSession(List<String> command) {
        var detached = new ArrayList<String>();
        for (String folder :
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator, -1)) {
            Path setsid = Path.of(folder, "setsid");
            if (detached.isEmpty() && Files.isExecutable(setsid)) {
                detached.add(setsid.toString());
            }
        }
        detached.addAll(command);
        return detached;
    }

    static Process start(ProcessBuilder command) throws IOException {
        cleanEnvironment(command);
        synchronized (FORK) {
            return command.start();
        }
    }

    /**
     * Runs a trial while no process is forked. A forked process holds copies of all open sockets for a moment, which
     * makes a port that was just tried look taken.
     */
    static boolean whileNoneIsForked(BooleanSupplier trial) {
        synchronized (FORK) {
            return trial.getAsBoolean();
        }
    }

    /**
     * Removes the JVM options of the application: a debugger's port, for example, would stop the child JVM from
     * starting.
     */
    private static void cleanEnvironment(ProcessBuilder command) {
        command.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    }
}
