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

/** Takes buyers through the waiting room and records what they observed. Thread-safe. */
final class WaitingRoom {

    private static final Duration AGAIN = Duration.ofMillis(500);
    /** A place that ends sooner may have ended when the request arrives. */
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

    /** A fifth of the buyers, so that there is a queue. */
    static int activeLimit(RehearsalOptions options) {
        return Math.max(5, options.buyers / 5);
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    /**
     * When the visitors who had to join again had received the response to their first join, in nanoseconds of this
     * process.
     */
    List<Long> lostPlaces() {
        return List.copyOf(lostPlaces);
    }

    /** Buyers who were refused with NOT_ADMITTED while their place was valid, as text. */
    List<String> turnedAway() {
        return List.copyOf(turnedAway);
    }

    /** Records that a hold was refused with NOT_ADMITTED. */
    void notAdmitted(BuyerId buyer) {
        Instant until = inside.get(buyer);
        if (until != null && clock.instant().isBefore(until.minus(END_OF_PLACE))) {
            turnedAway.add(buyer + " was admitted until " + until + " and was refused with NOT_ADMITTED");
        }
    }

    /**
     * Joins, polls as the responses say, and enters. Returns whether the buyer entered.
     *
     * @param twice whether the entry is sent twice at the same time
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
                    // Otherwise Redis lost the admission before it was used; the visitor may still have a place in the
                    // queue.
                    if (!entries.lost()) {
                        seen.add(new Seen(buyer.value(), sent, answered, entries.count()));
                        return entries.inside();
                    }
                    deadline.pause(AGAIN);
                    continue;
                }
                // The place has ended. Joining again would give another place.
                if (place.state().equals("LEFT") || place.state().equals("EXPIRED")) {
                    return false;
                }
                deadline.pause(Duration.ofMillis(Math.max(1, place.pollAfterMillis())));
            } else if (outcome instanceof Refused<Place> no && no.code().equals("VISITOR_NOT_FOUND")) {
                if (joined) {
                    lostPlaces.add(answered);
                }
                // The new place is behind all current ones.
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

    /** The outcome of using a token once. */
    private enum Shown {
        OPENED,
        /** The token was already used, and an earlier attempt had no response: that attempt may have succeeded. */
        OPENED_PERHAPS,
        USED,
        NOT_ADMITTED,
        REFUSED
    }

    private record Entries(List<Shown> shown) {

        /** How often the token was accepted. */
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
                throw new IllegalStateException("A request failed in this client", e.getCause());
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
