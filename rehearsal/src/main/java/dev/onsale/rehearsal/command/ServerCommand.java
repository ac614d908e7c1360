package dev.onsale.rehearsal.command;

import dev.onsale.standalone.OnsaleApplication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line of an Onsale server in a child process, as {@code ./onsale run} starts it. The launcher sets the JVM
 * options and the class path; without a launcher the server runs with this process's class path.
 */
public final class ServerCommand {

    private static final @Nullable String OPTIONS = System.getProperty("onsale.server.options");
    private static final @Nullable String CLASS_PATH = System.getProperty("onsale.server.class-path");

    private ServerCommand() {}

    /** @param settings such as {@code --server.port=0} */
    public static List<String> of(List<String> settings) {
        if (OPTIONS == null || CLASS_PATH == null) {
            return ChildProcess.command(OnsaleApplication.class, List.of(), settings);
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS.lines().toList());
        command.addAll(List.of("-cp", CLASS_PATH, OnsaleApplication.class.getName()));
        command.addAll(settings);
        return command;
    }
}
