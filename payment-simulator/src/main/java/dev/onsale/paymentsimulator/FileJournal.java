package dev.onsale.paymentsimulator;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * JSON Lines in an append-only file with an exclusive lock. An incomplete last line was never answered and is removed.
 * Any other unreadable line prevents the start, because money must not be guessed.
 */
final class FileJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);
    private static final String HEADER = "{\"format\":\"onsale-payment-ledger\",\"version\":1}";
    private static final int LINE_BYTES_MAX = 1 << 20;

    private final FileChannel channel;
    private long end;
    private boolean broken;

    private FileJournal(FileChannel channel) {
        this.channel = channel;
    }

    static FileJournal open(Path file, Consumer<Line> replay) {
        FileChannel channel = null;
        try {
            var folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            lock(channel, file);
            var journal = new FileJournal(channel);
            journal.replay(file, replay);
            return journal;
        } catch (IOException failed) {
            closeQuietly(channel);
            throw new SimulatorStartException(
                    "The ledger file " + file + " cannot be opened (" + failed
                            + "). Choose a file in a writable folder.",
                    failed);
        } catch (RuntimeException failed) {
            closeQuietly(channel);
            throw failed;
        }
    }

    @Override
    public void append(Line line) throws IOException {
        if (broken) {
            throw new IOException("an earlier write to the ledger file failed");
        }
        try {
            write(Json.write(line));
        } catch (IOException failed) {
            cutBack(failed);
            throw failed;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void write(String text) throws IOException {
        var bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
        long position = end;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
        end = position;
    }

    private void cutBack(IOException cause) {
        try {
            channel.truncate(end);
        } catch (IOException failedToo) {
            broken = true;
            cause.addSuppressed(failedToo);
        }
    }

    private void replay(Path file, Consumer<Line> replay) throws IOException {
        long size = channel.size();
        if (size == 0) {
            write(HEADER);
            return;
        }
        long number = 0;
        // Not closed, because that would close the channel.
        var in = new BufferedInputStream(Channels.newInputStream(channel.position(0)), 1 << 16);
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                line.write(next);
                if (line.size() > LINE_BYTES_MAX) {
                    throw unreadable(file, number + 1, "it is longer than " + LINE_BYTES_MAX + " bytes", null);
                }
                continue;
            }
            number++;
            read(file, number, line.toString(StandardCharsets.UTF_8), replay);
            end += line.size() + 1L;
            line.reset();
        }
        if (number == 0) {
            throw unreadable(file, 1, "it is not the header of a payment ledger", null);
        }
        if (end < size) {
            LOG.warn("Removed {} bytes of an incomplete, never answered last line from {}", size - end, file);
            channel.truncate(end);
        }
        LOG.info("Replayed {} lines of {}", number - 1, file);
    }

    private static void read(Path file, long number, String text, Consumer<Line> replay) {
        if (number == 1) {
            if (!text.equals(HEADER)) {
                throw unreadable(file, number, "it is not the header of a payment ledger", null);
            }
            return;
        }
        try {
            replay.accept(Json.MAPPER.readValue(text, Line.class));
        } catch (JacksonException | IllegalStateException wrong) {
            throw unreadable(file, number, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static SimulatorStartException unreadable(Path file, long number, String why, @Nullable Exception cause) {
        var message = "Line " + number + " of the ledger file " + file + " cannot be read: " + why
                + ". Restore the file from a copy, or choose another one to start with an empty ledger.";
        return cause == null ? new SimulatorStartException(message) : new SimulatorStartException(message, cause);
    }

    private static void lock(FileChannel channel, Path file) throws IOException {
        boolean locked;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException here) {
            locked = false;
        }
        if (!locked) {
            throw new SimulatorStartException("The ledger file " + file
                    + " is in use by another simulator. Stop that one or choose another file.");
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            LOG.debug("Could not close the ledger file after a failed start", ignored);
        }
    }
}
