package dev.onsale.proof.invariant;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.seat.SeatBlocked;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatFreed;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatHoldExpired;
import dev.onsale.api.seat.SeatReleased;
import dev.onsale.api.seat.SeatUnblocked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The times in which every seat of a category was held, booked or blocked, from the events of one performance in order. Memory
 * grows with the seats. Not thread-safe.
 */
public final class SoldOutFold {

    /** Kept for each category: the first and the newest. */
    private static final int TIMES_MAX = 10;

    private final Map<SeatLabel, Category> categories = new HashMap<>();
    private final List<Category> inOrder = new ArrayList<>();
    private final Set<SeatLabel> taken = new HashSet<>();

    /** An event by its position and time. */
    public record Moment(long position, String time) {}

    /**
     * @param last the event that took the last seat
     * @param next the event that gave a seat back; absent if none did
     */
    public record Span(
            String category,
            int seats,
            Moment last,
            @Nullable Moment next) {}

    private static final class Category {
        private final String name;
        private final List<Span> spans = new ArrayList<>();
        private int seats;
        private int free;

        Category(String name) {
            this.name = name;
        }

        void take(Moment at) {
            free--;
            if (free == 0) {
                if (spans.size() == TIMES_MAX) {
                    spans.remove(1);
                }
                spans.add(new Span(name, seats, at, null));
            }
        }

        void give(Moment at) {
            if (free == 0) {
                spans.set(
                        spans.size() - 1, new Span(name, seats, spans.getLast().last(), at));
            }
            free++;
        }
    }

    public void on(long position, String time, OnsaleEvent fact) {
        Moment at = new Moment(position, time);
        switch (fact) {
            case PerformanceScheduled scheduled -> plan(scheduled.seatingPlan());
            case SeatHeld held -> take(held.seatId().seat(), at);
            case SeatBooked booked -> take(booked.seatId().seat(), at);
            case SeatReleased released -> give(released.seatId().seat(), at);
            case SeatHoldExpired expired -> give(expired.seatId().seat(), at);
            case SeatFreed freed -> give(freed.seatId().seat(), at);
            case SeatBlocked blocked -> take(blocked.seatId().seat(), at);
            case SeatUnblocked unblocked -> give(unblocked.seatId().seat(), at);
            default -> {}
        }
    }

    private void plan(SeatingPlan plan) {
        List<Category> byIndex = plan.categories().stream()
                .map(category -> new Category(category.name()))
                .toList();
        plan.seats().filter(plan::offers).forEach(seat -> {
            Category category = byIndex.get(seat.category());
            category.seats++;
            category.free++;
            categories.put(seat.label(), category);
        });
        byIndex.stream().filter(category -> category.seats > 0).forEach(inOrder::add);
    }

    private void take(SeatLabel label, Moment at) {
        Category category = categories.get(label);
        if (category != null && taken.add(label)) {
            category.take(at);
        }
    }

    private void give(SeatLabel label, Moment at) {
        Category category = categories.get(label);
        if (category != null && taken.remove(label)) {
            category.give(at);
        }
    }

    /** By category in the order of the plan, and in the order of the log. */
    public List<Span> spans() {
        return inOrder.stream().flatMap(category -> category.spans.stream()).toList();
    }
}
