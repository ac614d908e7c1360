package dev.onsale.rehearsal.checkout;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Ids;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.rehearsal.checkout.Disturbance.Act;
import dev.onsale.rehearsal.checkout.Disturbance.Phase;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One reservation of one buyer with one disturbance at one call. */
record Cell(Row row, Column column) {

    static final String KEY = "matrix";
    static final long PRICE = 4_900;

    /** The price less the coupon's discount of 20 %. */
    static final long AMOUNT = 3_920;

    static final long CHARGE = 10_000;

    /**
     * Rows whose refusal prevents the booking. In other rows the refusal is temporary or the call is not needed for the
     * booking.
     */
    private static final Set<Row> UNDONE_BY_REFUSAL = EnumSet.of(
            Row.REDEEM_COUPON, Row.AUTHORIZE, Row.RECORD_AUTHORIZATION, Row.CONFIRM, Row.CAPTURE, Row.DEBIT_POINTS);

    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Row row : Row.values()) {
            for (Column column : Column.values()) {
                cells.add(new Cell(row, column));
            }
        }
        return cells;
    }

    /** Why this combination cannot occur; empty if it can. */
    Optional<String> impossibleBecause() {
        if (column == Column.OVERTAKEN && row.isOverBeforeTheCall()) {
            return Optional.of("the reservation has ended before the call and cannot be cancelled again");
        }
        if (column == Column.LATE_EVENT && row == Row.CONFIRM_LATE) {
            return Optional.of("all cells of this row are late");
        }
        return Optional.empty();
    }

    boolean books() {
        return row.books()
                && column != Column.LATE_EVENT
                && column != Column.OVERTAKEN
                && !(column == Column.REFUSAL && UNDONE_BY_REFUSAL.contains(row));
    }

    BuyerId buyer() {
        return BuyerId.of(row.name().toLowerCase(Locale.ROOT) + "-"
                + column.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** Another buyer who requests the same seat. */
    BuyerId neighbour() {
        return BuyerId.of("neighbour-of-" + buyer());
    }

    SeatLabel seat() {
        return SeatLabel.of(row + "." + column);
    }

    /** The seat of the second reservation of a cell with a rival. */
    SeatLabel rivalsSeat() {
        return SeatLabel.of(row + ".RIVAL");
    }

    ReservationId reservation() {
        return reservation(KEY);
    }

    ReservationId reservation(String key) {
        return new ReservationId(Ids.derived("reservation", buyer().value(), key));
    }

    PaymentId payment() {
        return payment(KEY);
    }

    PaymentId payment(String key) {
        return new PaymentId(
                Ids.derived("payment", buyer().value(), reservation(key).toString(), key));
    }

    /** Token of the card. */
    String card() {
        if (row.story == Row.Story.DECLINED || (row == Row.AUTHORIZE && column == Column.REFUSAL)) {
            return "tok_declined_card";
        }
        // Where the gateway must not know the payment, the request is dropped instead of its response.
        return row.story == Row.Story.ANSWER_LOST && !isNeverAsked() ? "tok_approved_answer_lost" : "tok_approved";
    }

    private boolean isNeverAsked() {
        return row == Row.FIND_WHAT_BECAME_OF_IT && column == Column.REFUSAL;
    }

    /** Whether a second reservation is paid with the same coupon first. */
    boolean hasRival() {
        return row == Row.REDEEM_COUPON && column == Column.REFUSAL;
    }

    /** Whether the buyer cancels right after the booking, while the capture is in progress. */
    boolean cancelsBeforeCapture() {
        return column == Column.REFUSAL && (row == Row.VOID || row == Row.RECORD_REFUND);
    }

    boolean cancelsWhatIsBooked() {
        return row.cancelsWhatIsBooked() || cancelsBeforeCapture();
    }

    /** Expected response of the refused call. */
    String refusal() {
        return switch (row) {
            case REDEEM_COUPON -> "answered refused COUPON_REDEEMED";
            case AUTHORIZE -> "answered Declined";
            case FIND_WHAT_BECAME_OF_IT, FIND_WHAT_TO_RETURN -> "answered Absent";
            case RECORD_AUTHORIZATION, RECORD_REFUND -> "answered refused PAYMENT_STATE_CONFLICT";
            case CONFIRM -> "answered refused ALREADY_CANCELLED";
            case CAPTURE, VOID -> "answered Refused";
            // The gateway refuses because the payment was refunded before, which is the wanted state.
            case REFUND -> "refunded by another";
            case DEBIT_POINTS -> "answered refused INSUFFICIENT_POINTS";
            default -> "answered refused OVERLOADED";
        };
    }

    List<String> strikes() {
        return column == Column.REFUSAL ? List.of(refusal()) : column.strikes();
    }

    private String place() {
        return place(row.call);
    }

    private String place(String call) {
        return call + " " + (row == Row.EXPIRE ? reservation() : payment());
    }

    private Disturbance at(String place, Phase phase, Act act, String detail) {
        return new Disturbance(toString(), place, phase, act, detail);
    }

    List<Disturbance> plan(PerformanceId performance) {
        List<Disturbance> plan = new ArrayList<>();
        String mine = reservation() + " " + performance + " " + buyer();
        switch (row.story) {
            case VOIDED -> {
                if (!cancelsBeforeCapture()) {
                    plan.add(at(place("ConfirmReservation"), Phase.BEFORE, Act.CANCEL, mine));
                }
            }
            case REVOKED -> plan.add(at(place("gateway capture"), Phase.ON_THE_WAY, Act.LAPSE, ""));
            case LATE -> plan.add(at(place(), Phase.BEFORE, Act.AWAIT, "seats-are-gone"));
            default -> {}
        }
        Phase there = row.isToGateway() ? Phase.ON_THE_WAY : Phase.BEFORE;
        Phase back = row.isToGateway() ? Phase.ON_THE_WAY_BACK : Phase.AFTER;
        plan.add(at(place(), Phase.AFTER, Act.NOTE, ""));
        switch (column) {
            case SUCCESS -> {}
            case REFUSAL -> planRefusal(plan, mine);
            case TIME_OUT_BEFORE -> plan.add(at(place(), there, Act.SILENCE, ""));
            case TIME_OUT_AFTER_THE_EFFECT -> plan.add(at(place(), back, Act.SILENCE, ""));
            case CRASH_BEFORE -> plan.add(at(place(), Phase.BEFORE, Act.PARK, ""));
            case CRASH_AFTER -> plan.add(at(place(), Phase.AFTER, Act.PARK, ""));
            case DUPLICATE_EVENT -> {
                plan.add(at(told(), Phase.TOLD, Act.TWICE, ""));
                plan.add(at(place(), there, Act.TWICE, ""));
            }
            case LATE_EVENT ->
                plan.add(
                        switch (row.story) {
                            case REFUNDED, REFUNDED_POINTS ->
                                at(
                                        told(),
                                        Phase.TOLD,
                                        Act.HOLD_BY_ANOTHER,
                                        new ReservationId(Ids.derived("neighbour", buyer().value())) + " " + performance
                                                + " " + neighbour() + " " + seat());
                            case UNPAID -> at(told(), Phase.TOLD, Act.AWAIT, "holds-are-over");
                            default -> at(told(), Phase.TOLD, Act.CANCEL, mine);
                        });
            case OVERTAKEN -> plan.add(at(place(), Phase.BEFORE, Act.CANCEL, mine));
        }
        return plan;
    }

    private String told() {
        return "told " + row.trigger.getSimpleName() + " " + reservation();
    }

    private void planRefusal(List<Disturbance> plan, String mine) {
        String first = "first " + payment();
        String second = "second " + payment();
        switch (row) {
            case REDEEM_COUPON -> {
                plan.add(at(place(), Phase.BEFORE, Act.AWAIT, first));
                plan.add(at("RecordCapture " + payment("rival"), Phase.AFTER, Act.SIGNAL, first));
            }
            // Refused because of the card or the empty wallet.
            case AUTHORIZE, DEBIT_POINTS -> {}
            case FIND_WHAT_BECAME_OF_IT -> plan.add(at(place("gateway authorize"), Phase.ON_THE_WAY, Act.SILENCE, ""));
            case FIND_WHAT_TO_RETURN -> plan.add(at(place(), Phase.ON_THE_WAY, Act.ABSENT, ""));
            case RECORD_AUTHORIZATION -> plan.add(at(place(), Phase.BEFORE, Act.DECLINE, ""));
            case CONFIRM -> plan.add(at(place(), Phase.BEFORE, Act.CANCEL, mine));
            case CAPTURE -> plan.add(at(place(), Phase.ON_THE_WAY, Act.LAPSE, ""));
            case VOID -> {
                // The capture occurs between the lookup at the gateway and the void.
                plan.add(at(place("gateway capture"), Phase.BEFORE, Act.AWAIT, first));
                plan.add(at(place("gateway capture"), Phase.AFTER, Act.SIGNAL, second));
                plan.add(at(place(), Phase.BEFORE, Act.SIGNAL, first));
                plan.add(at(place(), Phase.BEFORE, Act.AWAIT, second));
            }
            case REFUND -> plan.add(at(place(), Phase.ON_THE_WAY, Act.REFUND, ""));
            case RECORD_REFUND -> {
                plan.add(at(place("RecordCapture"), Phase.BEFORE, Act.AWAIT, first));
                plan.add(at(place(), Phase.AFTER, Act.SIGNAL, first));
            }
            default -> plan.add(at(place(), Phase.BEFORE, Act.BUSY, ""));
        }
    }

    @Override
    public String toString() {
        return row + " x " + column;
    }
}
