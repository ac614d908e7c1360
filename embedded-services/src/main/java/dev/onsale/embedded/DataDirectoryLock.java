package dev.onsale.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A file lock held while the services may write: two instances would corrupt the data directory. The operating system
 * releases it when the process ends.
 */
final class DataDirectoryLock implements AutoCloseable {

    private static final long RETRY_MILLIS = 100;

    private final FileChannel channel;

    private DataDirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Fails at once while the application of the holder is running. Waits if that application has ended, because the
     * holder is about to end too.
     */
    static DataDirectoryLock acquire(DataDirectory data, Duration limit, Consumer<String> progress)
            throws IOException, InterruptedException {
        var channel = FileChannel.open(data.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long deadline = System.nanoTime() + limit.toNanos();
        boolean reported = false;
        try {
            while (channel.tryLock() == null) {
                Optional<Holder> holder = Holder.read(data);
                boolean serving = holder.flatMap(it -> it.application().find()).isPresent();
                if (serving || System.nanoTime() > deadline) {
                    throw new EmbeddedServicesException(
                            "The data folder %s is in use by another Onsale%s: stop that one, or choose another folder with %s."
                                    .formatted(
                                            data.root(),
                                            holder.map(it -> " (pid "
                                                            + it.application().pid() + ")")
                                                    .orElse(""),
                                            DataDirectory.PROPERTY));
                }
                if (!reported) {
                    progress.accept("Waiting for an earlier run to release " + data.root());
                    reported = true;
                }
                Thread.sleep(RETRY_MILLIS);
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(Holder.current().toString().getBytes(StandardCharsets.UTF_8)));
            return new DataDirectoryLock(channel);
        } catch (IOException | InterruptedException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** The application that started the process that holds the lock. */
    private record Holder(ProcessIdentity application) {

        static Holder current() {
            ProcessHandle self = ProcessHandle.current();
            return new Holder(ProcessIdentity.of(self.parent().orElse(self)));
        }

        static Optional<Holder> read(DataDirectory data) throws IOException {
            String text = Files.readString(data.lockFile());
            return text.isEmpty() ? Optional.empty() : Optional.of(new Holder(ProcessIdentity.parse(text)));
        }

        @Override
        public String toString() {
            return application.toString();
        }
    }
}
