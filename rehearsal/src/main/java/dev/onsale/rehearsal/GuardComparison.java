package dev.onsale.rehearsal;

import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.Invariant;
import dev.onsale.rehearsal.client.Deadline;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.client.OnsaleClient.Guard;
import dev.onsale.rehearsal.client.OnsaleClient.Reconciliation;
import dev.onsale.rehearsal.client.Outcome.Done;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Requests a reconciliation of guards after the rehearsal has settled. Every entry repaired at that time was wrong. */
final class GuardComparison {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration ASK_AGAIN = Duration.ofMillis(200);

    private final OnsaleClient client;
    private final String operator;

    GuardComparison(OnsaleClient client, String operator) {
        this.client = client;
        this.operator = operator;
    }

    /** Number of repaired entries by kind of error. */
    Map<String, Long> of(List<String> sales, Findings findings) throws InterruptedException {
        Map<String, Long> repaired = new TreeMap<>();
        for (String sale : sales) {
            Reconciliation compared = compared(sale);
            if (compared == null) {
                findings.add(
                        Invariant.LOST_REDIS_COMES_BACK,
                        "The guard of " + sale + " could not be compared with the store within " + PATIENCE);
            } else {
                compared.repaired().forEach((what, count) -> repaired.merge(what, count, Long::sum));
            }
        }
        return repaired;
    }

    private @Nullable Reconciliation compared(String sale) throws InterruptedException {
        Deadline patience = Deadline.in(PATIENCE);
        while (!patience.isOver()) {
            if (client.reconcile(operator, sale) instanceof Done<Reconciliation>) {
                Reconciliation last = last(sale);
                while (last != null && last.state().equals("RUNNING") && !patience.isOver()) {
                    patience.pause(LOOK_AGAIN);
                    last = last(sale);
                }
                if (last != null && last.state().equals("DONE")) {
                    return last;
                }
            }
            // A reconciliation that finds no guard starts a rebuild; the next one compares.
            patience.pause(ASK_AGAIN);
        }
        return null;
    }

    private @Nullable Reconciliation last(String sale) throws InterruptedException {
        return client.guard(operator, sale)
                .done()
                .map(Guard::lastReconciliation)
                .orElse(null);
    }
}
