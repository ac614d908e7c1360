package dev.onsale.rehearsal;

import dev.onsale.api.BuyerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * The choices of one person who requests a coupon. They depend only on the seed.
 *
 * @param doubleClicks whether the request is sent twice at the same time with the same key
 * @param comesAgain whether the person requests a second coupon after the first response
 */
record CollectorPlan(BuyerId buyer, boolean doubleClicks, boolean comesAgain) {

    private static final int DOUBLE_CLICK_PERCENT = 50;
    private static final int COME_AGAIN_PERCENT = 20;

    /** The plans in order of arrival. */
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
