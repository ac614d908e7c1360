package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest seal that this process signed, in a file next to the key, so that a database that went back is noticed after
 * a restart. It is written after the commit: a file that is older than the database is right. Not thread-safe.
 */
final class HeadFile {

    private static final Logger log = LoggerFactory.getLogger(HeadFile.class);

    private final @Nullable Path file;
    private boolean failed;

    /** @param keyFile absent: nothing is kept */
    HeadFile(@Nullable Path keyFile) {
        this.file = keyFile == null ? null : keyFile.resolveSibling(keyFile.getFileName() + ".head");
    }

    record Head(long number, Digest seal) {}

    /** @throws SealMismatchException if the file has no head */
    Optional<Head> read() {
        if (file == null || !Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(file).strip();
            int colon = text.indexOf(':');
            return Optional.of(new Head(
                    Long.parseLong(text.substring(0, Math.max(0, colon))), Digest.ofHex(text.substring(colon + 1))));
        } catch (IOException | IllegalArgumentException damaged) {
            throw new SealMismatchException("The newest signed seal cannot be read from " + file + ": " + damaged
                    + ". docs/operations.md says how to go on");
        }
    }

    void write(long number, Digest seal) {
        if (file == null) {
            return;
        }
        try {
            replace(file, number + ":" + seal + "\n");
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                log.warn(
                        "The newest signed seal cannot be kept in {}: a database that goes back to an older seal is"
                                + " not noticed after a restart",
                        file,
                        e);
            }
            failed = true;
        }
    }

    /** Nodes that share the folder may write at the same time; whichever is last is right. */
    private static void replace(Path file, String text) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Path aside = Files.createTempFile(folder, String.valueOf(file.getFileName()), ".new");
        try {
            write(aside, text);
            try {
                Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
            }
            force(folder);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Makes the new name durable, where the system opens folders. */
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException notHere) {
            log.debug("The folder {} cannot be forced", folder, notHere);
        }
    }
}
