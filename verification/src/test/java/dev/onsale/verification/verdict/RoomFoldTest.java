package dev.onsale.verification.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.verification.verdict.RoomFold.Seen;
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

        assertThat(fold().judge(List.of(new Seen("ann", 1, 2, 1), new Seen("ben", 3, 4, 0)), false))
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
        fold.judge(List.of(new Seen("ann", 1, 2, 2)), false);

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
        fold.judge(List.of(new Seen("early", 1, 2, 0), new Seen("late", 3, 4, 0)), false);

        assertThat(fold.inversions()).isEqualTo(1);
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

    private void left(String buyer) {
        journal.add(new RoomEntry("LEFT", 0, buyer, 0, "LEFT", 0));
    }
}
