package dev.onsale.waitingroom.queue;

import dev.onsale.api.BuyerId;
import reactor.core.publisher.Mono;

/** Polls within the process, with the same effect as over HTTP. */
public interface VisitorStatus {

    /** The position, 0 if admitted or gone. Fails with a {@link dev.onsale.api.RefusedException}. */
    Mono<Long> position(String saleId, BuyerId buyer);
}
