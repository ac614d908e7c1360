package dev.onsale.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** How a further JVM of the same installation is started. */
final class ChildProcesses {

    private static final String CLASS_PATH_PROPERTY = "onsale.embedded.class-path";

    private static final Object FORK = new Object();

    private ChildProcesses() {}

    static List<String> java(DataDirectory data, List<String> jvmOptions, Class<?> main, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-XX:+UseSerialGC");
        // Otherwise every JVM keeps a file below the system's temporary folder.
        command.add("-XX:-UsePerfData");
        // Standard output belongs to the answers; the JVM's own warnings belong in the log.
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
     * A session of its own, so that Ctrl-C in the terminal reaches the application alone, which then closes the services when it is done
     * with them. Without {@code setsid} they hear Ctrl-C too and end early, but just as cleanly.
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

    /** A process that is just being forked holds every open socket for a moment: a port tried meanwhile looks taken right after. */
    static boolean whileNoneIsForked(BooleanSupplier trial) {
        synchronized (FORK) {
            return trial.getAsBoolean();
        }
    }

    /** What is meant for the application's JVM, such as a debugger's port, would stop the next one from starting. */
    private static void cleanEnvironment(ProcessBuilder command) {
        command.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    }
}
