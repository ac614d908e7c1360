package dev.onsale.rehearsal;

import dev.onsale.api.BuyerId;
import dev.onsale.proof.invariant.RoomFold.Seen;
import dev.onsale.rehearsal.client.Deadline;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.client.OnsaleClient.Entered;
import dev.onsale.rehearsal.client.OnsaleClient.Place;
import dev.onsale.rehearsal.client.Outcome;
import dev.onsale.rehearsal.client.Outcome.Done;
import dev.onsale.rehearsal.client.Outcome.Refused;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The way of a buyer through the waiting room, and what the buyers saw there. */
final class WaitingRoom {

    private static final Duration AGAIN = Duration.ofMillis(500);
    /** Nearer to its end a place may be over when the request arrives. */
    private static final Duration END_OF_PLACE = Duration.ofSeconds(5);

    private final OnsaleClient client;
    private final Sale sale;
    private final Deadline deadline;
    private final Clock clock;
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final Queue<Long> lostPlaces = new ConcurrentLinkedQueue<>();
    private final Map<BuyerId, Instant> inside = new ConcurrentHashMap<>();
    private final Queue<String> turnedAway = new ConcurrentLinkedQueue<>();

    WaitingRoom(OnsaleClient client, Sale sale, Deadline deadline, Clock clock) {
        this.client = client;
        this.sale = sale;
        this.deadline = deadline;
        this.clock = clock;
    }

    /** Every fifth buyer may be at the counter at once, so that there is a queue. */
    static int activeLimit(RehearsalOptions options) {
        return Math.max(5, options.buyers / 5);
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    /** When those who had to join again had had the answer to their first try, in nanoseconds of this process. */
    List<Long> lostPlaces() {
        return List.copyOf(lostPlaces);
    }

    /** Who was refused as not admitted while inside, in words. */
    List<String> turnedAway() {
        return List.copyOf(turnedAway);
    }

    /** The buyer wanted to hold seats and was refused as not admitted. */
    void notAdmitted(BuyerId buyer) {
        Instant until = inside.get(buyer);
        if (until != null && clock.instant().isBefore(until.minus(END_OF_PLACE))) {
            turnedAway.add(buyer + " was inside until " + until + " and was refused as not admitted");
        }
    }

    /**
     * Joins, waits as the answers say, and enters; true once inside.
     *
     * @param twice whether the entry is asked for twice at once
     */
    boolean pass(BuyerId buyer, String token, boolean twice) throws InterruptedException {
        long sent = System.nanoTime();
        long answered = Long.MAX_VALUE;
        boolean joined = false;
        while (!deadline.isOver()) {
            Outcome<Place> outcome =
                    joined ? client.place(token, sale.performance()) : client.join(token, sale.performance());
            if (outcome instanceof Done<Place> done) {
                if (!joined) {
                    answered = Math.min(answered, System.nanoTime());
                    joined = true;
                }
                Place place = done.value();
                String admission = place.admissionToken();
                if (admission != null) {
                    Entries entries = enter(buyer, token, admission, twice);
                    // An admission that Redis forgot before anybody used it: the place in the queue may be left.
                    if (!entries.lost()) {
                        seen.add(new Seen(buyer.value(), sent, answered, entries.count()));
                        return entries.inside();
                    }
                    deadline.pause(AGAIN);
                    continue;
                }
                // A place that ended: the next one is another place in the queue.
                if (place.state().equals("LEFT") || place.state().equals("EXPIRED")) {
                    return false;
                }
                deadline.pause(Duration.ofMillis(Math.max(1, place.pollAfterMillis())));
            } else if (outcome instanceof Refused<Place> no && no.code().equals("VISITOR_NOT_FOUND")) {
                if (joined) {
                    lostPlaces.add(answered);
                }
                // The new place is one behind all who have one now.
                joined = false;
                sent = System.nanoTime();
                answered = Long.MAX_VALUE;
            } else if (outcome instanceof Refused<Place> no && !no.isPassing()) {
                return false;
            } else {
                deadline.pause(AGAIN);
            }
        }
        return false;
    }

    /** What came of showing one token. */
    private enum Shown {
        OPENED,
        /** Used before, and one try had no answer: that try may have opened. */
        OPENED_PERHAPS,
        USED,
        NOT_ADMITTED,
        REFUSED
    }

    private record Entries(List<Shown> shown) {

        /** How often the token opened. */
        int count() {
            int opened = (int) shown.stream().filter(Shown.OPENED::equals).count();
            return opened == 0 && shown.contains(Shown.OPENED_PERHAPS) ? 1 : opened;
        }

        boolean inside() {
            return count() > 0;
        }

        boolean lost() {
            return !inside() && shown.contains(Shown.NOT_ADMITTED);
        }
    }

    private Entries enter(BuyerId buyer, String token, String admission, boolean twice) throws InterruptedException {
        FutureTask<Shown> second = new FutureTask<>(() -> show(buyer, token, admission));
        @Nullable Thread thread = twice ? Thread.ofVirtual().start(second) : null;
        List<Shown> shown = new ArrayList<>(List.of(show(buyer, token, admission)));
        if (thread != null) {
            try {
                shown.add(second.get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS));
            } catch (ExecutionException e) {
                throw new IllegalStateException("A click failed in this client", e.getCause());
            } catch (TimeoutException e) {
                thread.interrupt();
            }
        }
        return new Entries(shown);
    }

    private Shown show(BuyerId buyer, String token, String admission) throws InterruptedException {
        boolean doubt = false;
        while (!deadline.isOver()) {
            Outcome<Entered> outcome = client.enter(token, sale.performance(), admission);
            if (outcome instanceof Done<Entered> done) {
                inside.put(buyer, done.value().activeUntil());
                return Shown.OPENED;
            }
            if (outcome instanceof Refused<Entered> no && !no.isPassing()) {
                return switch (no.code()) {
                    case "ADMISSION_TOKEN_USED" -> doubt ? Shown.OPENED_PERHAPS : Shown.USED;
                    case "NOT_ADMITTED" -> Shown.NOT_ADMITTED;
                    default -> Shown.REFUSED;
                };
            }
            doubt = true;
            deadline.pause(AGAIN);
        }
        return Shown.REFUSED;
    }
}
