package dev.onsale.verification.rehearsal;

import dev.onsale.api.BuyerId;
import dev.onsale.verification.client.OnsaleClient;
import dev.onsale.verification.client.OnsaleClient.Entered;
import dev.onsale.verification.client.OnsaleClient.Place;
import dev.onsale.verification.client.Outcome;
import dev.onsale.verification.client.Outcome.Done;
import dev.onsale.verification.client.Outcome.Refused;
import dev.onsale.verification.verdict.RoomFold.Seen;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The way of a buyer through the waiting room, and what the buyers saw there. */
final class WaitingRoom {

    private static final Duration AGAIN = Duration.ofMillis(500);

    private final OnsaleClient client;
    private final Sale sale;
    private final Deadline deadline;
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    WaitingRoom(OnsaleClient client, Sale sale, Deadline deadline) {
        this.client = client;
        this.sale = sale;
        this.deadline = deadline;
    }

    /** Every fifth buyer may be at the counter at once, so that there is a queue. */
    static int activeLimit(RehearsalOptions options) {
        return Math.max(5, options.buyers() / 5);
    }

    List<Seen> seen() {
        return List.copyOf(seen);
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
                    int entries = enter(token, admission, twice);
                    seen.add(new Seen(buyer.value(), sent, answered, entries));
                    return entries > 0;
                }
                // A place that ended: the next one is another place in the queue.
                if (place.state().equals("LEFT") || place.state().equals("EXPIRED")) {
                    return false;
                }
                deadline.pause(Duration.ofMillis(Math.max(1, place.pollAfterMillis())));
            } else if (outcome instanceof Refused<Place> no && no.code().equals("VISITOR_NOT_FOUND")) {
                joined = false;
            } else if (outcome instanceof Refused<Place> no && !no.isPassing()) {
                return false;
            } else {
                deadline.pause(AGAIN);
            }
        }
        return false;
    }

    /** How often the token opened. */
    private int enter(String token, String admission, boolean twice) throws InterruptedException {
        FutureTask<Integer> second = new FutureTask<>(() -> entered(token, admission));
        @Nullable Thread thread = twice ? Thread.ofVirtual().start(second) : null;
        int entries = entered(token, admission);
        if (thread != null) {
            try {
                entries += second.get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw new IllegalStateException("A click failed in this client", e.getCause());
            } catch (TimeoutException e) {
                thread.interrupt();
            }
        }
        return entries;
    }

    private int entered(String token, String admission) throws InterruptedException {
        while (!deadline.isOver()) {
            Outcome<Entered> outcome = client.enter(token, sale.performance(), admission);
            if (outcome instanceof Done<Entered>) {
                return 1;
            }
            if (outcome instanceof Refused<Entered> no && !no.isPassing()) {
                return 0;
            }
            deadline.pause(AGAIN);
        }
        return 0;
    }
}
