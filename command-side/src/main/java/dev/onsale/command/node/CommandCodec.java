package dev.onsale.command.node;

import dev.onsale.api.Fault;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.command.store.ShardNotOwnedException;
import dev.onsale.eventlog.EventJson;
import dev.onsale.platform.failure.Causes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands and their answers as JSON between nodes. Only types of Onsale are read. */
final class CommandCodec {

    private static final JsonMapper JSON = EventJson.mapper();
    private static final String OWN_TYPES = "dev.onsale.";

    private CommandCodec() {}

    private record Sent(String id, String type, Map<String, String> metaData, Object payload) {}

    private record Received(String id, String type, Map<String, String> metaData, JsonNode payload) {}

    private record Refusal(
            RefusalCode code, String detail, @Nullable Duration retryAfter, List<Fault> faults, int faultCount) {}

    /** One of value, refusal and failure, or nothing for a command without an answer. */
    private record Answer(
            @Nullable String type,
            @Nullable Object value,
            @Nullable Refusal refusal,
            @Nullable String failure,
            boolean conflict) {}

    private record ReceivedAnswer(
            @Nullable String type,
            @Nullable JsonNode value,
            @Nullable Refusal refusal,
            @Nullable String failure,
            boolean conflict) {}

    static byte[] write(CommandMessage<?> command) {
        Map<String, String> metaData = new HashMap<>();
        command.getMetaData().forEach((key, value) -> metaData.put(key, String.valueOf(value)));
        return JSON.writeValueAsBytes(new Sent(
                command.getIdentifier(), command.getPayload().getClass().getName(), metaData, command.getPayload()));
    }

    /**
     * @throws RuntimeException if this version of the program does not know the command
     */
    static CommandMessage<OnsaleCommand> readCommand(byte[] bytes) {
        Received received = JSON.readValue(bytes, Received.class);
        OnsaleCommand payload =
                JSON.treeToValue(received.payload(), known(received.type()).asSubclass(OnsaleCommand.class));
        return new GenericCommandMessage<>(
                new GenericMessage<>(received.id(), payload, received.metaData()),
                payload.getClass().getName());
    }

    private static Class<?> known(String type) {
        try {
            if (type.startsWith(OWN_TYPES) || type.equals(Boolean.class.getName())) {
                return Class.forName(type);
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("This node does not know " + type, e);
        }
        throw new IllegalArgumentException(type + " is no type of Onsale");
    }

    /** Nothing if the command was not taken, because this node does not own its shard. */
    static byte @Nullable [] write(CommandResultMessage<?> result) {
        Throwable failure = result.isExceptional() ? result.exceptionResult() : null;
        if (failure instanceof ShardNotOwnedException) {
            return null;
        }
        Object value = failure == null ? result.getPayload() : failure;
        RefusedException refused = value instanceof Throwable thrown ? refusal(thrown) : null;
        if (refused != null) {
            return JSON.writeValueAsBytes(new Answer(null, null, of(refused), null, false));
        }
        if (value instanceof Throwable thrown) {
            boolean conflict = Causes.has(thrown, ConcurrencyException.class)
                    || Causes.has(thrown, AggregateStreamCreationException.class);
            return JSON.writeValueAsBytes(new Answer(null, null, null, thrown.toString(), conflict));
        }
        return JSON.writeValueAsBytes(
                new Answer(value == null ? null : value.getClass().getName(), value, null, null, false));
    }

    private static @Nullable RefusedException refusal(Throwable failure) {
        RefusedException refused = Causes.find(failure, RefusedException.class);
        if (refused == null && Causes.has(failure, SQLException.class)) {
            return new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE, "The store is away for a moment; try again shortly");
        }
        return refused;
    }

    private static Refusal of(RefusedException refused) {
        return new Refusal(
                refused.code(), refused.detail(), refused.retryAfter(), refused.faults(), refused.faultCount());
    }

    static CommandResultMessage<Object> readAnswer(byte[] bytes) {
        ReceivedAnswer answer = JSON.readValue(bytes, ReceivedAnswer.class);
        if (answer.refusal() != null) {
            return GenericCommandResultMessage.asCommandResultMessage(exception(answer.refusal()));
        }
        if (answer.failure() != null) {
            return GenericCommandResultMessage.asCommandResultMessage(
                    answer.conflict()
                            ? new ConcurrencyException(answer.failure())
                            : new IllegalStateException("The owner of the shard failed: " + answer.failure()));
        }
        return GenericCommandResultMessage.asCommandResultMessage(
                answer.type() == null ? null : JSON.treeToValue(answer.value(), known(answer.type())));
    }

    private static RefusedException exception(Refusal refusal) {
        return refusal.faults().isEmpty()
                ? new RefusedException(refusal.code(), refusal.detail(), refusal.retryAfter())
                : new RefusedException(refusal.code(), refusal.detail(), refusal.faults(), refusal.faultCount());
    }
}
