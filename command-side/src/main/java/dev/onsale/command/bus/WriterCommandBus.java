package dev.onsale.command.bus;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.messaging.MessageHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every routing key one writer: a command waits in the queue of the thread that owns its key, so aggregates that
 * share a key are never decided side by side. Locks alone would do that too, but would park one thread per waiting command.
 * A full queue refuses at once: in a stampede a quick "try again" is worth more than a late answer.
 */
public final class WriterCommandBus extends SimpleCommandBus {

    private static final Logger log = LoggerFactory.getLogger(WriterCommandBus.class);

    private final List<ThreadPoolExecutor> writers;

    /**
     * @param writerCount threads that write, each for its share of the routing keys
     * @param queueDepthMax commands that may wait for one writer
     */
    public WriterCommandBus(SimpleCommandBus.Builder builder, int writerCount, int queueDepthMax) {
        super(builder);
        List<ThreadPoolExecutor> threads = new ArrayList<>();
        for (int index = 0; index < writerCount; index++) {
            String name = "writer-" + index;
            threads.add(new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(queueDepthMax),
                    task -> new Thread(task, name)));
        }
        writers = List.copyOf(threads);
    }

    @Override
    protected <C, R> void handle(
            CommandMessage<C> command,
            MessageHandler<? super CommandMessage<?>> handler,
            CommandCallback<? super C, ? super R> callback) {
        try {
            writerOf(command).execute(() -> super.handle(command, handler, callback));
        } catch (RejectedExecutionException full) {
            callback.onResult(
                    command,
                    GenericCommandResultMessage.asCommandResultMessage(new RefusedException(
                            RefusalCode.TEMPORARILY_UNAVAILABLE, "Too many requests are waiting; try again shortly")));
        }
    }

    /** Commands that wait for a writer now. */
    public int queueDepth() {
        return writers.stream().mapToInt(writer -> writer.getQueue().size()).sum();
    }

    /** Takes no more commands and finishes those that wait. */
    public void drain(Duration patience) {
        writers.forEach(ThreadPoolExecutor::shutdown);
        long deadline = System.nanoTime() + patience.toNanos();
        for (ThreadPoolExecutor writer : writers) {
            try {
                if (!writer.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    log.warn(
                            "A writer still had {} commands when time ran out",
                            writer.getQueue().size());
                    writer.shutdownNow();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                writer.shutdownNow();
            }
        }
    }

    private ThreadPoolExecutor writerOf(CommandMessage<?> message) {
        String key =
                message.getPayload() instanceof OnsaleCommand command ? command.routingKey() : message.getIdentifier();
        return writers.get(Math.floorMod(key.hashCode(), writers.size()));
    }
}
