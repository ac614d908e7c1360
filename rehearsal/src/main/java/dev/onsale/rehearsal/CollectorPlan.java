package dev.onsale.rehearsal;

import dev.onsale.api.BuyerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * What one person who wants a coupon is going to do, drawn from the seed alone.
 *
 * @param doubleClicks whether the coupon is asked for twice at once with the same key
 * @param comesAgain whether the person, once answered, asks for one more
 */
record CollectorPlan(BuyerId buyer, boolean doubleClicks, boolean comesAgain) {

    private static final int DOUBLE_CLICK_PERCENT = 50;
    private static final int COME_AGAIN_PERCENT = 20;

    /** In the order in which they arrive. */
    static List<CollectorPlan> draw(List<BuyerId> people, long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        List<CollectorPlan> plans = new ArrayList<>();
        for (BuyerId person : people) {
            plans.add(new CollectorPlan(
                    person, random.nextInt(100) < DOUBLE_CLICK_PERCENT, random.nextInt(100) < COME_AGAIN_PERCENT));
        }
        Collections.shuffle(plans, new Random(seed));
        return plans;
    }
}
