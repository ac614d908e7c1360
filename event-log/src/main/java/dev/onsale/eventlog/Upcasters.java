package dev.onsale.eventlog;

import dev.onsale.api.OperatorId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads facts of old versions as those of today: one step for each version that was ever left behind. What is stored, sealed
 * and exported stays as it was written.
 */
final class Upcasters {

    /** From a version of a type to the next. */
    private record Step(String type, int from) {}

    private static final Map<Step, UnaryOperator<ObjectNode>> STEPS =
            Map.of(new Step("onsale.sale-closed", 1), Upcasters::saleClosedBySomebody);

    private Upcasters() {}

    /** Version 1 does not have the operator who closed the sale. */
    private static ObjectNode saleClosedBySomebody(ObjectNode event) {
        return event.put("closedBy", OperatorId.UNKNOWN.toString());
    }

    /**
     * @return the event as version {@code to}
     * @throws UnknownVersionException if there is no way from the one to the other
     */
    static JsonNode upcast(String type, int from, int to, JsonNode event) {
        JsonNode read = event;
        for (int version = from; version < to; version++) {
            UnaryOperator<ObjectNode> step = STEPS.get(new Step(type, version));
            if (step == null || !(read instanceof ObjectNode fields)) {
                throw new UnknownVersionException(type, from);
            }
            read = step.apply(fields);
        }
        return read;
    }

    /** The same steps for Axon, which applies them before it makes objects of what it loads. */
    static EventUpcaster forAxon() {
        List<EventUpcaster> upcasters = new ArrayList<>();
        STEPS.keySet().stream()
                .sorted(Comparator.comparing(Step::type).thenComparingInt(Step::from))
                .forEach(step -> upcasters.add(new AxonStep(step)));
        return new EventUpcasterChain(upcasters);
    }

    private static final class AxonStep extends SingleEventUpcaster {

        private final Step step;
        private final SerializedType from;
        private final SerializedType to;

        AxonStep(Step step) {
            this.step = step;
            this.from = new SimpleSerializedType(step.type(), Integer.toString(step.from()));
            this.to = new SimpleSerializedType(step.type(), Integer.toString(step.from() + 1));
        }

        @Override
        protected boolean canUpcast(IntermediateEventRepresentation event) {
            return event.getType().equals(from);
        }

        @Override
        protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
            return event.upcastPayload(
                    to,
                    JsonNode.class,
                    payload -> Upcasters.upcast(step.type(), step.from(), step.from() + 1, payload));
        }
    }
}
