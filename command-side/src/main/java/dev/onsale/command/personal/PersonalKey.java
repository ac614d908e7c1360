package dev.onsale.command.personal;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.onsale.api.PersonalKeyId;
import dev.onsale.api.personal.PersonalDataErased;
import dev.onsale.api.personal.RecordErasure;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** What the log knows of a key: nothing until it is gone. */
@Aggregate(type = "PersonalKey")
class PersonalKey {

    @AggregateIdentifier
    @Nullable
    String id;

    private @Nullable PersonalDataErased erased;

    protected PersonalKey() {
        // For Axon, which replays the events.
    }

    PersonalKey(PersonalKeyId key) {
        this.id = key.toString();
    }

    PersonalDataErased erase(RecordErasure command) {
        if (erased != null) {
            return erased;
        }
        PersonalDataErased fact =
                new PersonalDataErased(command.keyId(), command.erasedBy(), command.operator(), command.erasedAt());
        apply(fact);
        return fact;
    }

    @EventSourcingHandler
    void on(PersonalDataErased fact) {
        id = fact.keyId().toString();
        erased = fact;
    }
}
