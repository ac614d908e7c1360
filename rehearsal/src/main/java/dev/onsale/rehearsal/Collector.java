package dev.onsale.rehearsal;

import dev.onsale.rehearsal.client.OnsaleClient.Issued;
import dev.onsale.rehearsal.client.Outcome;
import dev.onsale.rehearsal.client.Outcome.Done;

/** A simulated person who requests a coupon. */
final class Collector implements Crowd.Person {

    private final RehearsalContext play;
    private final CollectorPlan plan;
    private final String token;
    private final boolean comesWithTheLoss;

    /** @param comesWithTheLoss whether the person waits until Redis has lost everything, if a loss is planned */
    Collector(RehearsalContext play, CollectorPlan plan, String token, boolean comesWithTheLoss) {
        this.play = play;
        this.plan = plan;
        this.token = token;
        this.comesWithTheLoss = comesWithTheLoss;
    }

    @Override
    public void act() throws InterruptedException {
        if (comesWithTheLoss) {
            play.redisLoss().awaitTheFirst();
        }
        ask(plan.buyer() + "-coupon", plan.doubleClicks());
        if (plan.comesAgain()) {
            ask(plan.buyer() + "-coupon-again", false);
        }
    }

    private void ask(String key, boolean twice) throws InterruptedException {
        Outcome<Issued> outcome = play.patience().ask(plan.buyer(), "coupon", twice, () -> play.client()
                .coupon(token, key, play.sale().campaign()));
        if (outcome instanceof Done<Issued> done) {
            play.told()
                    .couponGiven(
                            done.value().couponId(), plan.buyer(), done.value().rank());
            play.tally().saw(RehearsalCounters.Sight.COUPON);
            play.redisLoss().couponGiven();
        }
    }
}
