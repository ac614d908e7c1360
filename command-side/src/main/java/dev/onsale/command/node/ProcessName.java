package dev.onsale.command.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Identifies a process of this kernel: boot, process namespace, user, number and start. It tells for certain that a process has
 * ended, so that its lease need not be waited for. Where {@code /proc} does not say so, nothing is certain.
 */
final class ProcessName {

    private static final Pattern STAT = Pattern.compile("(?s)\\d+ \\(.*\\) (.) (.*)");

    /** Position of the start time behind the state in {@code /proc/PID/stat}. */
    private static final int START_FIELD = 18;

    private static final Path PROC = Path.of("/proc");

    private final String space;
    private final String name;

    private ProcessName(String space, String name) {
        this.space = space;
        this.name = name;
    }

    static ProcessName own() {
        long pid = ProcessHandle.current().pid();
        try {
            String boot =
                    Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
            String namespace =
                    Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
            // Processes of other users may be hidden, so only those of the same user can be missed.
            Object user = Files.getAttribute(PROC.resolve("self"), "unix:uid");
            String space = boot + "/" + namespace + "/" + user + "/";
            return new ProcessName(space, space + pid + "/" + start(pid));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException elsewhere) {
            return new ProcessName("", "");
        }
    }

    /** Empty if it is not known. */
    String text() {
        return name;
    }

    /** Whether the process ran on this kernel, in this namespace and for this user, and has certainly ended. */
    boolean hasEnded(String other) {
        if (space.isEmpty() || !other.startsWith(space)) {
            return false;
        }
        String[] parts = other.substring(space.length()).split("/", -1);
        try {
            long pid = Long.parseLong(parts[0]);
            return !start(pid).equals(parts[1]);
        } catch (NoSuchFileException gone) {
            return true;
        } catch (IOException | RuntimeException unknown) {
            return false;
        }
    }

    private static String start(long pid) throws IOException {
        Matcher stat = STAT.matcher(Files.readString(PROC.resolve(pid + "/stat")));
        if (!stat.matches()) {
            throw new IOException("/proc/" + pid + "/stat has another format");
        }
        boolean ended = stat.group(1).equals("Z") || stat.group(1).equals("X");
        return ended ? "ended" : stat.group(2).strip().split(" ", -1)[START_FIELD];
    }
}
