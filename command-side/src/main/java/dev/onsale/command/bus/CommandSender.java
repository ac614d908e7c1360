package dev.onsale.command.bus;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.command.CommandSideProperties;
import dev.onsale.platform.failure.Causes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Sends commands for HTTP, with a time-out. */
@Component
public class CommandSender {

    private static final Logger log = LoggerFactory.getLogger(CommandSender.class);

    private final CommandGateway gateway;
    private final Duration timeout;

    CommandSender(CommandGateway gateway, CommandSideProperties properties) {
        this.gateway = gateway;
        this.timeout = properties.commandTimeout();
    }

    /**
     * The handler's answer, or a {@link RefusedException}. If no answer came in time, the outcome is unknown and the caller is
     * told to repeat with the same key.
     */
    public <T> CompletionStage<T> send(OnsaleCommand command, Class<T> answer) {
        return gateway.<Object>send(command)
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(said(failure)))
                .thenApply(answer::cast);
    }

    /** While the store is away nothing is written, and the buyer may retry. */
    private static Throwable said(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE,
                    "No answer in time; repeat with the same Idempotency-Key to learn the outcome");
        }
        SQLException away = Causes.find(failure, SQLException.class);
        if (away == null) {
            return failure;
        }
        log.warn("The store is away: {}", away.toString());
        return new RefusedException(
                RefusalCode.TEMPORARILY_UNAVAILABLE, "The store is away for a moment; try again shortly");
    }
}
