package dev.onsale.waitingroom.recovery;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.CAROL;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.api.RefusalCode;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.room.RoomDefinition;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Redis forgets everything in the middle of a sale. What was written down comes back, and nothing else is lost. */
@Tag("services")
class RedisLostTest {

    private final RoomFixture room = new RoomFixture().open(3, 100);

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void everybody_whose_place_was_written_down_has_it_again_in_order() {
        Flux.range(0, 2_000)
                .concatMap(i -> room.visitors.join(room.sale, buyer(i), JoinOrigin.UNKNOWN))
                .blockLast(BOUND);
        room.admit();
        room.leave(buyer(500));
        assertThat(room.writer.write(room.sale)).isEqualTo(2_000 + 1 + 3 + 1);
        room.join(ALICE);

        room.loseRedis();
        assertThat(room.restorer.restore(room.sale)).isTrue();

        assertThat(room.admittedInOrder()).containsExactly("buyer-0", "buyer-1", "buyer-2");
        assertThat(room.poll(buyer(3)).position()).isEqualTo(1);
        assertThat(room.poll(buyer(499)).position()).isEqualTo(497);
        assertThat(room.poll(buyer(501)).position()).isEqualTo(498);
        assertThat(room.poll(buyer(1_999)).position()).isEqualTo(1_996);
        assertThat(room.poll(buyer(1_999)).restoredAt()).isEqualTo(room.clock.instant());
        assertThatThrownBy(() -> room.poll(ALICE)).hasMessageContaining("restored at");
        assertThat(room.join(ALICE).position()).isEqualTo(1_997);
        assertThat(room.status().restoredAt()).isEqualTo(room.clock.instant());
    }

    @Test
    void a_token_that_was_used_stays_used_and_its_buyer_stays_inside_though_nothing_was_written_to_the_journal()
            throws Exception {
        room.join(BOB);
        room.writer.write(room.sale);
        String token = room.admissionTokenOf(ALICE);
        room.enter(ALICE, token);

        room.loseRedis();
        room.restorer.restore(room.sale);

        assertThat(room.isActive(ALICE)).isTrue();
        assertThat(room.poll(ALICE).entered()).isTrue();
        assertRefused(RefusalCode.ADMISSION_TOKEN_USED, () -> room.enter(ALICE, token));
        assertThat(room.poll(BOB).position()).isEqualTo(1);
    }

    @Test
    void an_admission_that_was_lost_opens_nothing_and_its_buyer_is_admitted_again_first() {
        room.join(ALICE);
        room.join(BOB);
        room.writer.write(room.sale);
        room.admit();
        String lost = RoomFixture.token(room.poll(ALICE));

        room.loseRedis();
        room.restorer.restore(room.sale);

        assertRefused(RefusalCode.NOT_ADMITTED, () -> room.enter(ALICE, lost));
        room.admit();
        assertThat(room.admittedInOrder()).containsExactly("alice", "bob");
        room.enter(ALICE, RoomFixture.token(room.poll(ALICE)));
    }

    @Test
    void the_limit_holds_though_a_leave_and_the_admission_after_it_were_lost() {
        List.of(ALICE, BOB, CAROL).forEach(room::join);
        room.admit();
        room.writer.write(room.sale);
        room.leave(ALICE);
        room.enter(buyer(1), room.admissionTokenOf(buyer(1)));

        room.loseRedis();
        room.restorer.restore(room.sale);

        assertThat(room.activePlaces()).isEqualTo(3);
        assertThat(room.status().entered()).isEqualTo(1);
        assertThat(room.poll(CAROL).position()).isEqualTo(1);
    }

    @Test
    void what_was_read_from_the_lost_redis_is_not_written_after_the_room_was_built_anew() {
        room.join(ALICE);
        List<JournalEntry> read = List.of(JournalEntry.parse("1-0", "JOINED 1 bob 2 - 0 0"));
        RoomDefinition before = room.store.find(room.sale).orElseThrow();
        room.loseRedis();
        room.restorer.restore(room.sale);

        assertThat(room.journal.append(room.sale.value(), before.epoch(), read)).isFalse();
        assertThat(room.journal.of(room.sale.value(), "bob", 10)).isEmpty();
    }

    @Test
    void while_the_room_is_away_people_are_told_so_and_nobody_is_turned_out() {
        room.enter(ALICE, room.admissionTokenOf(ALICE));
        room.loseRedis();

        assertRefused(RefusalCode.TEMPORARILY_UNAVAILABLE, () -> room.poll(BOB));
        assertRefused(RefusalCode.TEMPORARILY_UNAVAILABLE, () -> room.join(BOB));
        assertThatThrownBy(() -> room.isActive(ALICE))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("restored");
    }

    @Test
    void two_nodes_that_restore_at_once_build_one_room() {
        Flux.range(0, 1_000)
                .concatMap(i -> room.visitors.join(room.sale, buyer(i), JoinOrigin.UNKNOWN))
                .blockLast(BOUND);
        room.writer.write(room.sale);
        room.loseRedis();

        IntStream.range(0, 4).parallel().forEach(node -> room.restorer.restore(room.sale));

        room.restorer.restore(room.sale);
        assertThat(room.status().waiting()).isEqualTo(1_000);
        assertThat(room.poll(buyer(999)).position()).isEqualTo(1_000);
        room.join(ALICE);
        assertThat(room.writer.write(room.sale)).isEqualTo(2);
    }
}
