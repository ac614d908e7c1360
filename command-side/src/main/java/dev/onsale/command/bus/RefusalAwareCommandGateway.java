package dev.onsale.command.bus;

import dev.onsale.api.RefusedException;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.callbacks.NoOpCallback;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;

/** Turns refusals, which travel as values, into a {@link RefusedException} again. */
final class RefusalAwareCommandGateway extends DefaultCommandGateway {

    RefusalAwareCommandGateway(CommandBus bus, ConflictRetry retry) {
        // Refusals are normal answers. Failures are logged where they are handled.
        super(DefaultCommandGateway.builder()
                .commandBus(bus)
                .retryScheduler(retry)
                .commandCallback(NoOpCallback.INSTANCE));
    }

    @Override
    public <C, R> void send(C command, CommandCallback<? super C, ? super R> callback) {
        super.send(command, new CommandCallback<C, R>() {
            @Override
            public void onResult(CommandMessage<? extends C> message, CommandResultMessage<? extends R> result) {
                if (!result.isExceptional() && result.getPayload() instanceof RefusedException refused) {
                    callback.onResult(message, GenericCommandResultMessage.asCommandResultMessage(refused));
                } else {
                    callback.onResult(message, result);
                }
            }
        });
    }
}
