package dev.onsale.waitingroom.queue;

import dev.onsale.api.BuyerId;
import reactor.core.publisher.Mono;

/** The question of those who wait, for callers within the process: the same work as over HTTP, and also a sign of life. */
public interface VisitorStatus {

    /** The position, 0 for who is admitted or gone; fails with a {@link dev.onsale.api.RefusedException}. */
    Mono<Long> position(String saleId, BuyerId buyer);
}
