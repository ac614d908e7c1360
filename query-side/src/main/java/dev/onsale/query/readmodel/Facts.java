package dev.onsale.query.readmodel;

import dev.onsale.api.OnsaleEvent;
import java.util.ArrayList;
import java.util.List;

/** A batch in the order of Kafka. */
public record Facts(List<Fact<?>> all) {

    public Facts {
        all = List.copyOf(all);
    }

    /** Those of one family, in order. */
    public <E extends OnsaleEvent> List<Fact<E>> of(Class<E> family) {
        List<Fact<E>> members = new ArrayList<>();
        for (Fact<?> fact : all) {
            if (family.isInstance(fact.event())) {
                members.add(new Fact<>(family.cast(fact.event()), fact.position(), fact.sequence()));
            }
        }
        return members;
    }
}
