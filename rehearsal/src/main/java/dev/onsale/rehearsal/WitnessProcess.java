package dev.onsale.rehearsal;

import dev.onsale.proof.verify.DamagedFileException;
import dev.onsale.proof.verify.WitnessMain;
import dev.onsale.proof.verify.WitnessedHead;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.command.ChildProcess;
import dev.onsale.rehearsal.command.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A witness in a process of its own, which notes seals before and during the sale. */
final class WitnessProcess implements AutoCloseable {

    private static final String EVERY = "PT2S";

    private final ChildProcess process;
    private final Path growing;
    private final Path heads;
    private final Path keys;

    private WitnessProcess(ChildProcess process, Path growing, Path keys) {
        this.process = process;
        this.growing = growing;
        this.heads = growing.resolveSibling("noted.jsonl");
        this.keys = keys;
    }

    /** Starts the witness and waits until it has noted a seal. */
    static WitnessProcess start(OnsaleClient client) throws NotDoneException, InterruptedException {
        Path folder = WorkFolder.create("witness-");
        Path heads = folder.resolve("witness.jsonl");
        Path keys = folder.resolve("keys.json");
        ChildProcess process = ChildProcess.start(
                WitnessMain.class,
                List.of(),
                List.of(client.url(), "--every", EVERY, "--file", heads.toString()),
                line -> line.contains("  seal "),
                folder);
        try {
            Files.writeString(keys, client.sealKeys());
        } catch (IOException e) {
            process.stop();
            throw new NotDoneException("The keys of the seals cannot be stored: " + e.getMessage());
        }
        return new WitnessProcess(process, heads, keys);
    }

    Path heads() {
        return heads;
    }

    Path keys() {
        return keys;
    }

    /** The first and the last seal that it noted until now, which are then those in {@link #heads}. */
    List<Long> noted() throws NotDoneException {
        try {
            Files.copy(growing, heads, StandardCopyOption.REPLACE_EXISTING);
            List<WitnessedHead> seen = WitnessedHead.read(heads);
            return List.of(
                    seen.getFirst().head().number(), seen.getLast().head().number());
        } catch (IOException | DamagedFileException e) {
            throw new NotDoneException("The file of the witness cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        process.stop();
    }
}
