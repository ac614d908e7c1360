package dev.onsale.rehearsal.command;

import dev.onsale.rehearsal.client.NotDoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates folders for the data of servers that a rehearsal starts. */
public final class WorkFolder {

    /** Names the parent folder. The launcher sets it to a folder in its build directory. */
    private static final String PROPERTY = "onsale.rehearsal.folder";

    private WorkFolder() {}

    /** Creates a new, empty folder. */
    public static Path create(String prefix) throws NotDoneException {
        String named = System.getProperty(PROPERTY);
        String cache = System.getenv("XDG_CACHE_HOME");
        Path parent = named != null
                ? Path.of(named)
                : cache != null && !cache.isBlank()
                        ? Path.of(cache, "onsale")
                        : Path.of(System.getProperty("user.home"), ".cache", "onsale");
        try {
            return Files.createTempDirectory(Files.createDirectories(parent), prefix);
        } catch (IOException e) {
            throw new NotDoneException(
                    "The folder " + parent + " cannot be written: change its owner, or name another with --data DIR");
        }
    }
}
