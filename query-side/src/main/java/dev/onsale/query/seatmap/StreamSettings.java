package dev.onsale.query.seatmap;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How seat maps are streamed.
 *
 * @param viewersMax streams of this process at once; whoever comes beyond it is told to come again
 * @param updateEvery between two updates to a viewer, at least
 * @param signOfLifeEvery between two comments that keep a quiet stream open
 */
@ConfigurationProperties("onsale.seat-map-stream")
record StreamSettings(
        @DefaultValue("20000") int viewersMax,
        @DefaultValue("200ms") Duration updateEvery,
        @DefaultValue("15s") Duration signOfLifeEvery) {

    StreamSettings {
        if (viewersMax < 1) {
            throw new IllegalArgumentException("onsale.seat-map-stream.viewers-max is at least 1, not " + viewersMax);
        }
        if (updateEvery.toMillis() < 10) {
            throw new IllegalArgumentException("onsale.seat-map-stream.update-every is at least 10 ms");
        }
        if (signOfLifeEvery.toMillis() < 100) {
            throw new IllegalArgumentException("onsale.seat-map-stream.sign-of-life-every is at least 100 ms");
        }
    }
}
