package dev.onsale.rehearsal;

import dev.onsale.api.BuyerId;
import dev.onsale.api.SeatLabel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The choices of one buyer. They depend only on the seed, so the same seed gives the same buyers.
 *
 * @param wishes the wanted seat, followed by the seats to try if it is taken
 * @param doubleClicks whether each hold is sent twice at the same time
 */
record BuyerPlan(BuyerId buyer, List<SeatLabel> wishes, boolean doubleClicks, Intention intention) {

    private static final int DOUBLE_CLICK_PERCENT = 50;
    private static final int ABANDON_PERCENT = 10;
    private static final int CANCEL_PERCENT = 5;

    BuyerPlan {
        wishes = List.copyOf(wishes);
    }

    /** The plans in order of arrival. */
    static List<BuyerPlan> draw(List<BuyerId> buyers, List<SeatLabel> best, int otherSeatsMax, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<BuyerPlan> plans = new ArrayList<>();
        for (BuyerId buyer : buyers) {
            plans.add(new BuyerPlan(
                    buyer,
                    wishes(best, otherSeatsMax, random),
                    random.nextInt(100) < DOUBLE_CLICK_PERCENT,
                    intention(random)));
        }
        Collections.shuffle(plans, new Random(seed));
        return plans;
    }

    private static List<SeatLabel> wishes(List<SeatLabel> best, int otherSeatsMax, SplittableRandom random) {
        Set<SeatLabel> wishes = new LinkedHashSet<>();
        int count = Math.min(best.size(), 1 + otherSeatsMax);
        while (wishes.size() < count) {
            wishes.add(best.get(random.nextInt(best.size())));
        }
        return List.copyOf(wishes);
    }

    private static Intention intention(SplittableRandom random) {
        int percent = random.nextInt(100);
        if (percent < ABANDON_PERCENT) {
            return Intention.ABANDONS;
        }
        if (percent < ABANDON_PERCENT + CANCEL_PERCENT) {
            return random.nextBoolean() ? Intention.CANCELS_HOLD : Intention.CANCELS_BOOKING;
        }
        return Intention.PAYS;
    }
}
