package dev.onsale.waitingroom.draw;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.FENCE;
import static dev.onsale.waitingroom.RoomFixture.await;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.RefusalCode;
import dev.onsale.waitingroom.HandMovedClock;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.admission.AdmissionRound.Outcome;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.room.RoomStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

@Tag("services")
class OpeningDrawTest {

    private static final Instant OPENS = HandMovedClock.NOON.plus(Duration.ofHours(1));

    private final RoomFixture room = new RoomFixture()
            .open(RoomFixture.withTimes(
                    RoomFixture.settings(10, 10, null, null),
                    HandMovedClock.NOON.plusSeconds(60),
                    OPENS,
                    OPENS.plus(Duration.ofHours(2))));

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void nobody_comes_before_the_pre_queue_opens() {
        assertRefused(RefusalCode.SALE_NOT_OPEN, () -> room.join(ALICE));
        assertThat(room.status().refused()).containsEntry("TOO_EARLY", 1L);
    }

    @Test
    void who_comes_before_the_opening_has_no_order_and_is_told_when_there_will_be_one() {
        room.clock.advance(Duration.ofMinutes(1));

        VisitorAnswer answer = room.join(ALICE);

        assertThat(answer.state()).isEqualTo(VisitorAnswer.State.BEFORE_OPENING);
        assertThat(answer.position()).isZero();
        assertThat(answer.opensAt()).isEqualTo(OPENS);
        assertThat(answer.pollAfterMillis()).isBetween(60_000L, 72_000L);
        assertThat(room.admit().outcome()).isEqualTo(Outcome.PRE_QUEUE);
    }

    @Test
    void at_the_opening_the_order_is_the_one_that_anyone_can_draw_and_later_ones_stand_behind_it() throws Exception {
        room.clock.advance(Duration.ofMinutes(58));
        join(0, 1_500);
        String commitment = room.status().commitment();
        room.clock.advance(Duration.ofMinutes(2));
        join(1_500, 1_510);
        assertThat(room.admit().outcome()).isEqualTo(Outcome.SHUFFLING);

        assertThat(room.opening.run(room.sale, FENCE)).isTrue();
        room.writer.write(room.sale);

        OpeningDraw.Draw draw =
                room.opening.published(room.store.find(room.sale).orElseThrow()).orElseThrow();
        assertThat(draw.commitment()).isEqualTo(commitment);
        assertThat(sha256(HexFormat.of().parseHex(draw.seed()))).isEqualTo(commitment);
        assertThat(draw.visitors()).hasSize(1_500);
        assertThat(draw.visitors()).isEqualTo(drawnByHand(draw.seed(), draw.visitors()));
        List<String> order = queue();
        assertThat(order.subList(0, 1_500).stream().map(this::visitor).toList()).isEqualTo(draw.visitors());
        assertThat(order.subList(1_500, 1_510))
                .containsExactlyElementsOf(IntStream.range(1_500, 1_510)
                        .mapToObj(i -> "buyer-" + i)
                        .toList());
        assertThat(room.admit().admitted()).isEqualTo(10);
        assertThat(room.admittedInOrder()).isEqualTo(order.subList(0, 10));
    }

    @Test
    void a_leader_that_dies_while_drawing_is_followed_by_one_that_draws_the_same() {
        room.clock.advance(Duration.ofMinutes(58));
        join(0, 700);
        room.clock.advance(Duration.ofMinutes(2));
        room.admit();
        String seed = room.store.find(room.sale).orElseThrow().seed();
        List<String> order = Shuffle.order(room.sale, seed, queue());
        List<String> half = new ArrayList<>(List.of("0", "1", "1"));
        half.addAll(order.subList(0, 300));
        await(room.redis.run(
                RoomScripts.withFunctions("rank"),
                List.of(room.keys.room(), room.keys.queue(), room.keys.seen(), room.keys.journal()),
                half.toArray(String[]::new)));

        assertThat(room.opening.run(room.sale, FENCE + 1)).isTrue();

        assertThat(queue()).isEqualTo(order);
        assertThat(room.opening.run(room.sale, FENCE))
                .as("the dead one comes back")
                .isFalse();
    }

    @Test
    void a_redis_that_is_lost_in_the_middle_of_the_draw_costs_nobody_the_place_and_the_draw_is_the_same() {
        room.clock.advance(Duration.ofMinutes(58));
        join(0, 700);
        room.clock.advance(Duration.ofMinutes(2));
        join(700, 705);
        room.admit();
        List<String> before = queue().subList(0, 700);
        List<String> order = Shuffle.order(
                room.sale, room.store.find(room.sale).orElseThrow().seed(), before);
        List<String> half = new ArrayList<>(List.of("0", "1", "1"));
        half.addAll(order.subList(0, 300));
        await(room.redis.run(
                RoomScripts.withFunctions("rank"),
                List.of(room.keys.room(), room.keys.queue(), room.keys.seen(), room.keys.journal()),
                half.toArray(String[]::new)));
        room.writer.write(room.sale);

        room.loseRedis();
        room.restorer.restore(room.sale);

        assertThat(queue()).containsExactlyInAnyOrderElementsOf(allOf(order, 700, 705));
        assertThat(room.status().phase()).isEqualTo(RoomStatus.Phase.SHUFFLING);
        assertThat(room.opening.run(room.sale, FENCE)).isTrue();
        assertThat(queue()).isEqualTo(allOf(order, 700, 705));
    }

    private static List<String> allOf(List<String> order, int from, int to) {
        List<String> all = new ArrayList<>(order);
        IntStream.range(from, to).forEach(i -> all.add("buyer-" + i));
        return all;
    }

    @Test
    void a_redis_that_is_lost_after_the_opening_does_not_change_the_drawn_order() {
        room.clock.advance(Duration.ofMinutes(58));
        join(0, 300);
        room.clock.advance(Duration.ofMinutes(2));
        room.admit();
        room.opening.run(room.sale, FENCE);
        List<String> order = queue();
        room.writer.write(room.sale);

        room.loseRedis();
        room.restorer.restore(room.sale);

        assertThat(queue()).isEqualTo(order);
        assertThat(room.admit().admitted()).isEqualTo(10);
    }

    @Test
    void after_the_end_nobody_comes_nobody_is_admitted_and_the_queue_is_cleared_in_batches() {
        room.clock.advance(Duration.ofMinutes(59));
        join(0, 50);
        room.clock.advance(Duration.ofHours(2).plusMinutes(1));

        room.sweep();

        assertThat(room.status().phase()).isEqualTo(RoomStatus.Phase.CLOSED);
        assertThat(room.status().waiting()).isZero();
        assertThat(room.poll(buyer(7)).reason()).isEqualTo("SALE_CLOSED");
        assertRefused(RefusalCode.SALE_CLOSED, () -> room.join(ALICE));
    }

    private void join(int from, int to) {
        Flux.range(from, to - from)
                .concatMap(i -> room.visitors.join(room.sale, buyer(i), JoinOrigin.UNKNOWN))
                .blockLast(BOUND);
    }

    private List<String> queue() {
        var queue = room.raw.opsForZSet().range(room.keys.queue(), 0, -1);
        return queue == null ? List.of() : List.copyOf(queue);
    }

    private String visitor(String buyer) {
        try {
            return sha256((room.sale + "\n" + buyer).getBytes(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the documentation tells people to do it, with none of our code. */
    private static List<String> drawnByHand(String seed, List<String> visitors) {
        HexFormat hex = HexFormat.of();
        return visitors.stream()
                .sorted(java.util.Comparator.comparing(visitor -> {
                    try {
                        return sha256(hex.parseHex(seed + visitor));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
