package dev.onsale.rehearsal;

import dev.onsale.rehearsal.client.OnsaleClient.Issued;
import dev.onsale.rehearsal.client.Outcome;
import dev.onsale.rehearsal.client.Outcome.Done;

/** One person who wants a coupon. */
final class Collector implements Crowd.Person {

    private final RehearsalContext play;
    private final CollectorPlan plan;
    private final String token;
    private final boolean comesWithTheLoss;

    /**
     * @param comesWithTheLoss comes at the moment at which Redis loses everything, if it is to do so
     */
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
