package dev.onsale.eventlog.tail;

import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.TrackingToken;

/** A fact with its position. A token does not tell it: for a fact that filled a gap it names the furthest position. */
public final class LogMessage<T> extends GenericTrackedDomainEventMessage<T> {

    private final long logPosition;

    LogMessage(TrackingToken token, DomainEventMessage<T> message, long logPosition) {
        super(token, message);
        this.logPosition = logPosition;
    }

    public long logPosition() {
        return logPosition;
    }
}
