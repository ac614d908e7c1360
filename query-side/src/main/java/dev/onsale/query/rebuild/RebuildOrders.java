package dev.onsale.query.rebuild;

import dev.onsale.query.rebuild.RebuildStatus.Direction;
import org.springframework.stereotype.Component;

/** For whoever finds that a read model is wrong. */
@Component
public class RebuildOrders {

    private final Rebuilds rebuilds;

    RebuildOrders(Rebuilds rebuilds) {
        this.rebuilds = rebuilds;
    }

    /**
     * Builds a projection again and puts it in its place.
     *
     * @throws dev.onsale.api.RefusedException with {@code REBUILD_RUNNING}
     */
    public void orderRebuild(String projection) {
        rebuilds.begin(projection, Direction.FORWARD, true);
    }
}
