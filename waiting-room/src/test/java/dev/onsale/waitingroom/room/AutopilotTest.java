package dev.onsale.waitingroom.room;

import static dev.onsale.waitingroom.RoomFixture.FENCE;
import static dev.onsale.waitingroom.RoomFixture.await;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.waitingroom.RoomFixture;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

@Tag("services")
class AutopilotTest {

    private static final int LIMIT = 100;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final RoomFixture room = new RoomFixture();
    private final Load load = new Load();
    private final Autopilot autopilot = new Autopilot(
            new StaticListableBeanFactory(Map.of("load", load)).getBeanProvider(SalesLoad.class),
            room.properties,
            room.clock);

    @AfterEach
    void close() {
        room.close();
    }

    /** Those who sell, as busy as a test says. */
    private static final class Load implements SalesLoad {
        double queueDepth;
        Duration latency = Duration.ZERO;
        Duration readModelLag = Duration.ZERO;

        @Override
        public double queueDepth() {
            return queueDepth;
        }

        @Override
        public Duration latency() {
            return latency;
        }

        @Override
        public Duration readModelLag() {
            return readModelLag;
        }
    }

    @Test
    void while_those_who_sell_keep_up_the_rate_is_the_one_of_the_room_and_never_above() {
        RoomDefinition steered = opened(true);

        for (int second = 0; second < 60; second++) {
            assertThat(autopilot.perSecond(steered)).isEqualTo(LIMIT);
            room.clock.advance(SECOND);
        }
    }

    @Test
    void a_long_queue_takes_a_third_each_second_down_to_one_and_it_comes_back_step_by_step() {
        RoomDefinition steered = opened(true);
        assertThat(autopilot.perSecond(steered)).isEqualTo(LIMIT);
        load.queueDepth = room.properties.autopilotQueueDepth() + 1;

        room.clock.advance(SECOND);
        assertThat(autopilot.perSecond(steered)).isEqualTo(67);
        assertThat(autopilot.perSecond(steered)).as("once a second").isEqualTo(67);
        room.clock.advance(SECOND);
        assertThat(autopilot.perSecond(steered)).isEqualTo(44);
        for (int second = 0; second < 60; second++) {
            room.clock.advance(SECOND);
            assertThat(autopilot.perSecond(steered)).isBetween(1, 44);
        }
        assertThat(autopilot.perSecond(steered)).as("never nobody").isEqualTo(1);

        load.queueDepth = room.properties.autopilotQueueDepth();
        room.clock.advance(SECOND);
        assertThat(autopilot.perSecond(steered)).isEqualTo(6);
        for (int second = 0; second < 60; second++) {
            room.clock.advance(SECOND);
            assertThat(autopilot.perSecond(steered)).isLessThanOrEqualTo(LIMIT);
        }
        assertThat(autopilot.perSecond(steered)).isEqualTo(LIMIT);
    }

    @Test
    void slow_orders_take_the_rate_down_as_a_long_queue_does() {
        RoomDefinition steered = opened(true);
        assertThat(autopilot.perSecond(steered)).isEqualTo(LIMIT);
        load.latency = room.properties.autopilotLatency().plusMillis(1);

        room.clock.advance(SECOND);

        assertThat(autopilot.perSecond(steered)).isEqualTo(67);
    }

    @Test
    void read_models_that_fall_behind_take_the_rate_down_and_never_to_nobody() {
        RoomDefinition steered = opened(true);
        assertThat(autopilot.perSecond(steered)).isEqualTo(LIMIT);
        load.readModelLag = room.properties.autopilotReadModelLag();
        room.clock.advance(SECOND);
        assertThat(autopilot.perSecond(steered)).as("just at the limit").isEqualTo(LIMIT);
        load.readModelLag = room.properties.autopilotReadModelLag().plusMillis(1);
        room.clock.advance(SECOND);
        assertThat(autopilot.perSecond(steered)).isEqualTo(67);
        for (int second = 0; second < 60; second++) {
            room.clock.advance(SECOND);
            assertThat(autopilot.perSecond(steered)).isPositive();
        }
    }

    @Test
    void a_room_that_does_not_ask_for_it_keeps_its_rate_whatever_the_load() {
        RoomDefinition fixed = opened(false);
        load.queueDepth = 1e9;
        autopilot.perSecond(fixed);
        room.clock.advance(SECOND);

        assertThat(autopilot.perSecond(fixed)).isEqualTo(LIMIT);
    }

    @Test
    void the_counter_admits_no_more_in_a_second_than_the_autopilot_says() {
        RoomDefinition steered = opened(true);
        for (int visitor = 0; visitor < 200; visitor++) {
            room.join(buyer(visitor));
        }
        load.queueDepth = 1e9;
        assertThat(admitted(steered)).isEqualTo(LIMIT);
        room.clock.advance(SECOND);

        assertThat(admitted(steered)).isEqualTo(67);
        assertThat(admitted(steered)).isZero();
    }

    private int admitted(RoomDefinition steered) {
        return await(room.counter.admit(room.sale, FENCE, autopilot.perSecond(steered)))
                .admitted();
    }

    private RoomDefinition opened(boolean steered) {
        room.open(new RoomSettings(1_000, LIMIT, null, null, null, null, null, null, null, null, null, steered));
        return room.store.find(room.sale).orElseThrow();
    }
}
