package dev.onsale.saga.reservation;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.RefusedException;
import dev.onsale.saga.SagaProperties;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sends commands and waits for what became of them. */
@Component
class CommandDispatcher {

    private final CommandGateway gateway;
    private final Duration timeout;

    CommandDispatcher(CommandGateway gateway, SagaProperties settings) {
        this.gateway = gateway;
        this.timeout = settings.commandTimeout();
    }

    /**
     * The handler's answer.
     *
     * @throws RefusedException if the answer is no
     * @throws IllegalStateException if it failed, or is not known to have been handled
     */
    @Nullable
    Object send(OnsaleCommand command) throws InterruptedException {
        CompletableFuture<@Nullable Object> answer = gateway.send(command);
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("No answer to " + command + " within " + timeout, e);
        } catch (ExecutionException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof RefusedException refused) {
                    throw refused;
                }
            }
            throw new IllegalStateException(command + " failed", e.getCause());
        }
    }
}
