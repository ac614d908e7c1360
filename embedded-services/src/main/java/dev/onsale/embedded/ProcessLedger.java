package dev.onsale.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Records the running server processes in a file, so that the next run can end them after a crash. */
final class ProcessLedger {

    private static final Duration GRACE = Duration.ofSeconds(10);

    /**
     * The record of the supervisor. The supervisor itself is not ended here; {@link DataDirectoryLock} waits for it.
     */
    private static final String SUPERVISOR = "supervisor";

    private final Path file;
    private final ProcessIdentity supervisor = ProcessIdentity.of(ProcessHandle.current());
    private final Map<Long, String> running = new LinkedHashMap<>();

    ProcessLedger(DataDirectory data) {
        this.file = data.ledger();
    }

    synchronized void add(Service service, Process process) {
        running.put(process.pid(), service.label() + " " + ProcessIdentity.of(process.toHandle()));
        write();
    }

    synchronized void remove(Process process) {
        if (running.remove(process.pid()) != null) {
            write();
        }
    }

    private void write() {
        var lines = new ArrayList<String>();
        lines.add(SUPERVISOR + " " + supervisor);
        lines.addAll(running.values());
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.write(next, lines);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the processes of an earlier run. The caller must hold the lock. */
    static void endStale(DataDirectory data, Consumer<String> progress) {
        List<Entry> entries = read(data);
        end(entries.subList(Math.min(1, entries.size()), entries.size()), progress);
    }

    /** Ends the processes that a supervisor started, unless another supervisor has replaced it. */
    static void endLeftBy(long supervisorPid, DataDirectory data) {
        List<Entry> entries = read(data);
        if (!entries.isEmpty() && entries.getFirst().process().pid() == supervisorPid) {
            end(entries.subList(1, entries.size()), quiet -> {});
        }
    }

    private static void end(List<Entry> entries, Consumer<String> progress) {
        for (Entry entry : entries) {
            entry.process().find().ifPresent(handle -> {
                progress.accept(
                        "%s: ending the process %d that an earlier run left".formatted(entry.name(), handle.pid()));
                entry.process().end(GRACE);
            });
        }
    }

    private static List<Entry> read(DataDirectory data) {
        try {
            return Files.exists(data.ledger())
                    ? Files.readAllLines(data.ledger()).stream()
                            .map(Entry::parse)
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Entry(String name, ProcessIdentity process) {

        static Entry parse(String line) {
            String[] parts = line.split(" ", 2);
            return new Entry(parts[0], ProcessIdentity.parse(parts[1]));
        }
    }
}
