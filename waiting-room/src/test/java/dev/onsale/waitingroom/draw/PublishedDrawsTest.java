package dev.onsale.waitingroom.draw;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.CAROL;
import static dev.onsale.waitingroom.RoomFixture.FENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.RefusalCode;
import dev.onsale.waitingroom.Database;
import dev.onsale.waitingroom.HandMovedClock;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.key.SaleId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import reactor.core.publisher.Flux;

/** Anyone may ask for a draw, as often as they like: how often is the journal read? */
@Tag("services")
class PublishedDrawsTest {

    private static final Instant OPENS = HandMovedClock.NOON.plusSeconds(60);

    private final RoomFixture room = new RoomFixture();
    private final AtomicInteger reads = new AtomicInteger();
    private final CountDownLatch mayRead = new CountDownLatch(1);
    private volatile boolean fails;
    private final Journal journal = new Journal(room.jdbc, new DataSourceTransactionManager(Database.source())) {
        @Override
        public void read(String sale, Consumer<JournalEntry> each) {
            reads.incrementAndGet();
            try {
                assertThat(mayRead.await(BOUND.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (fails) {
                throw new IllegalStateException("injected");
            }
            super.read(sale, each);
        }
    };
    private final PublishedDraws draws =
            new PublishedDraws(room.rooms, room.watch, new OpeningDraw(room.redis, room.store, journal, room.clock));

    @AfterEach
    void close() throws Exception {
        mayRead.countDown();
        draws.destroy();
        room.close();
    }

    @Test
    void a_room_that_there_is_not_or_that_draws_no_order_costs_no_read() {
        assertRefused(
                RefusalCode.WAITING_ROOM_NOT_FOUND,
                () -> RoomFixture.await(draws.of(SaleId.of("sale-" + UUID.randomUUID()))));
        room.open(5, 5);
        room.join(ALICE);
        refusedWithoutARead();
    }

    @Test
    void before_the_opening_and_while_the_order_is_drawn_a_request_costs_no_read() {
        room.open(RoomFixture.withTimes(RoomFixture.settings(10, 10, null, null), null, OPENS, null));
        room.join(ALICE);
        refusedWithoutARead();
        room.clock.advance(Duration.ofMinutes(2));
        room.admit();
        refusedWithoutARead();
    }

    private void refusedWithoutARead() {
        for (int times = 0; times < 20; times++) {
            assertRefused(RefusalCode.SALE_NOT_OPEN, () -> RoomFixture.await(draws.of(room.sale)));
        }
        assertThat(reads).hasValue(0);
    }

    @Test
    void fifty_requests_at_once_and_all_later_ones_cost_one_read() {
        open();
        var all = Flux.range(0, 50)
                .flatMap(request -> draws.of(room.sale), 50)
                .collectList()
                .toFuture();
        // A client that hangs up must not take the draw from the others.
        draws.of(room.sale).subscribe().dispose();
        await("the read").atMost(BOUND).until(() -> reads.get() > 0);
        mayRead.countDown();

        assertThat(all).succeedsWithin(BOUND).satisfies(answers -> assertThat(answers)
                .hasSize(50)
                .allMatch(draw -> draw.visitors().size() == 2));
        OpeningDraw.Draw later = RoomFixture.await(draws.of(room.sale));
        assertThat(later.visitors())
                .containsExactlyElementsOf(Shuffle.order(room.sale, later.seed(), List.of("alice", "bob")).stream()
                        .map(buyer -> Shuffle.visitor(room.sale, buyer))
                        .toList());
        assertThat(reads).hasValue(1);
    }

    @Test
    void a_room_that_is_open_and_never_drew_an_order_is_read_once_in_a_while() {
        mayRead.countDown();
        room.open(5, 5);
        room.join(ALICE);
        room.open(RoomFixture.withTimes(RoomFixture.settings(5, 5, null, null), null, OPENS, null));
        for (int times = 0; times < 50; times++) {
            assertRefused(RefusalCode.SALE_NOT_OPEN, () -> RoomFixture.await(draws.of(room.sale)));
        }
        assertThat(reads).hasValueLessThan(10);
    }

    @Test
    void a_failed_read_is_not_kept_and_a_room_that_is_opened_anew_has_a_draw_of_its_own() {
        open();
        mayRead.countDown();
        fails = true;
        assertThatThrownBy(() -> RoomFixture.await(draws.of(room.sale))).hasMessageContaining("injected");
        fails = false;
        await("another read")
                .atMost(BOUND)
                .ignoreExceptions()
                .until(() -> RoomFixture.await(draws.of(room.sale)) != null);
        OpeningDraw.Draw before = RoomFixture.await(draws.of(room.sale));

        room.rooms.delete(room.sale).block(BOUND);
        assertRefused(RefusalCode.WAITING_ROOM_NOT_FOUND, () -> RoomFixture.await(draws.of(room.sale)));
        room.open(RoomFixture.withTimes(
                RoomFixture.settings(10, 10, null, null),
                null,
                room.clock.instant().plusSeconds(60),
                null));
        assertRefused(RefusalCode.SALE_NOT_OPEN, () -> RoomFixture.await(draws.of(room.sale)));
        drawn(CAROL);
        OpeningDraw.Draw after = RoomFixture.await(draws.of(room.sale));
        assertThat(after.seed()).isNotEqualTo(before.seed());
        assertThat(after.visitors()).containsExactly(Shuffle.visitor(room.sale, "carol"));
    }

    private void open() {
        room.open(RoomFixture.withTimes(RoomFixture.settings(10, 10, null, null), null, OPENS, null));
        drawn(ALICE, BOB);
    }

    private void drawn(dev.onsale.api.BuyerId... buyers) {
        for (var buyer : buyers) {
            room.join(buyer);
        }
        room.clock.advance(Duration.ofMinutes(2));
        room.admit();
        assertThat(room.opening.run(room.sale, FENCE)).isTrue();
        room.writer.write(room.sale);
        room.watch.forget(room.sale);
    }
}
