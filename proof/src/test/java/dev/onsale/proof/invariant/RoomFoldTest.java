package dev.onsale.proof.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.proof.invariant.RoomFold.Seen;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoomFoldTest {

    private final List<RoomEntry> journal = new ArrayList<>();

    @Test
    void a_fair_room_has_no_findings() {
        joined("ann", 1);
        joined("ben", 2);
        admitted("ann", 1, 100);
        entered("ann", "t1", 2, 150);
        left("ann");
        admitted("ben", 3, 100);

        assertThat(fold().judge(List.of(new Seen("ann", 1, 2, 1), new Seen("ben", 3, 4, 0))))
                .matches(Findings::isEmpty);
    }

    @Test
    void an_admission_out_of_order_is_found() {
        joined("ann", 1);
        joined("ben", 2);
        admitted("ben", 1, 100);

        assertThat(fold().inversions()).isEqualTo(1);
    }

    @Test
    void one_too_many_at_the_counter_is_found_and_a_place_that_ended_does_not_count() {
        joined("ann", 1);
        joined("ben", 2);
        joined("cid", 3);
        admitted("ann", 1, 100);
        admitted("ben", 50, 200);
        admitted("cid", 100, 300);

        assertThat(fold().overAdmissions()).isEqualTo(2);
        assertThat(fold().activeMax()).isEqualTo(2);
    }

    @Test
    void somebody_admitted_twice_or_without_a_place_is_found() {
        joined("ann", 1);
        admitted("ann", 1, 100);
        admitted("ann", 2, 100);

        assertThat(fold().inversions()).isEqualTo(2);
    }

    @Test
    void a_token_used_twice_is_found_in_the_journal_and_by_what_the_visitor_saw() {
        joined("ann", 1);
        admitted("ann", 1, 100);
        entered("ann", "t1", 2, 100);
        entered("ann", "t1", 3, 100);
        RoomFold fold = fold();
        fold.judge(List.of(new Seen("ann", 1, 2, 2)));

        assertThat(fold.tokensUsedTwice()).isEqualTo(2);
    }

    @Test
    void a_journal_in_order_does_not_hide_that_the_visitors_were_overtaken() {
        joined("late", 1);
        joined("early", 2);
        admitted("late", 1, 100);
        left("late");
        admitted("early", 2, 100);
        RoomFold fold = fold();
        fold.judge(List.of(new Seen("early", 1, 2, 0), new Seen("late", 3, 4, 0)));

        assertThat(fold.inversions()).isEqualTo(1);
    }

    @Test
    void after_a_loss_of_redis_who_was_lost_joins_again_and_who_entered_late_may_be_one_too_many() {
        restored(0);
        joined("ann", 1);
        joined("ben", 2);
        admitted("ann", 1, 100);
        restored(10);
        // Redis lost that ann left and ben was admitted. The entry of ben is in the database.
        admitted("ben", 5, 100);
        entered("ben", "t5", 6, 100);
        joined("cid", 3);
        RoomFold fold = fold();

        assertThat(fold.judge(List.of(new Seen("ann", 1, 2, 1), new Seen("ben", 3, 4, 1), new Seen("cid", 15, 16, 0))))
                .matches(Findings::isEmpty);
        assertThat(fold.restorations()).isEqualTo(1);
    }

    @Test
    void a_place_that_the_journal_knows_and_a_restored_room_does_not_is_found() {
        joined("ann", 1);
        joined("ben", 2);
        admitted("ann", 1, 100);
        restored(10);
        joined("ann", 3);
        joined("ben", 4);

        assertThat(fold().judge(List.of()).broken().get(Invariant.PLACES_KEPT))
                .isNotNull()
                .satisfies(broken -> assertThat(broken.count()).isEqualTo(2));
    }

    @Test
    void who_joins_again_after_a_loss_is_behind_those_who_were_kept_and_before_those_who_came_later() {
        joined("kept", 1);
        restored(10);
        joined("late", 2);
        joined("again", 3);
        admitted("kept", 20, 100);
        left("kept");
        admitted("late", 21, 100);
        left("late");
        admitted("again", 22, 100);
        Seen kept = new Seen("kept", 1, 2, 0);

        assertThat(fold().judge(List.of(kept, new Seen("again", 16, 17, 0), new Seen("late", 14, 15, 0))))
                .matches(Findings::isEmpty);
        assertThat(fold().judge(List.of(kept, new Seen("again", 12, 13, 0), new Seen("late", 14, 15, 0)))
                        .count(Invariant.ADMITTED_IN_ORDER))
                .isEqualTo(1);
    }

    private RoomFold fold() {
        return RoomFold.of(1, journal);
    }

    private void joined(String buyer, long number) {
        journal.add(new RoomEntry("JOINED", 0, buyer, number, "-", 0));
    }

    private void admitted(String buyer, long at, long until) {
        journal.add(new RoomEntry("ADMITTED", at, buyer, at, "t" + at, until));
    }

    private void entered(String buyer, String token, long at, long until) {
        journal.add(new RoomEntry("ENTERED", at, buyer, 0, token, until));
    }

    private void restored(long at) {
        journal.add(new RoomEntry("RESTORED", at, "-", 0, "-", 0));
    }

    private void left(String buyer) {
        journal.add(new RoomEntry("LEFT", 0, buyer, 0, "LEFT", 0));
    }
}
