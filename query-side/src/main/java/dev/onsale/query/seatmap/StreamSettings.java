package dev.onsale.query.seatmap;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the streams of seat maps ({@code onsale.seat-map-stream.*}).
 *
 * @param viewersMax open streams of this process, at least 1; more viewers get 503
 * @param updateEvery shortest time between two updates to one viewer, at least 10 ms
 * @param signOfLifeEvery time between two comments that keep an idle stream open, at least 100 ms
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
