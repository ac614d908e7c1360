package dev.onsale.saga.reservation;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.failure.Causes;
import dev.onsale.saga.SagaProperties;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sends commands and waits for their results. */
@Component
public class CommandDispatcher {

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
    public Object send(OnsaleCommand command) throws InterruptedException {
        CompletableFuture<@Nullable Object> answer = gateway.send(command);
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("No answer to " + command + " within " + timeout, e);
        } catch (ExecutionException e) {
            RefusedException refused = Causes.find(e, RefusedException.class);
            if (refused != null) {
                throw refused;
            }
            throw new IllegalStateException(command + " failed", e.getCause());
        }
    }

    /** Records a fact of a payment. False if the payment was recorded to have ended in another way. */
    boolean isRecorded(OnsaleCommand recording) throws InterruptedException {
        try {
            send(recording);
            return true;
        } catch (RefusedException refused) {
            if (refused.code() != RefusalCode.PAYMENT_STATE_CONFLICT) {
                throw refused;
            }
            return false;
        }
    }
}
