package dev.onsale.saga.payment;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeCollection;
import com.stripe.param.PaymentIntentListParams;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds an intent with an unknown id by its metadata, in the list of those created about then. Lists are consistent; Stripe's search
 * lags behind by up to a minute and more, so it is never used.
 */
final class StripeIntents {

    private static final Duration HALF_WINDOW = Duration.ofDays(1);
    private static final long PAGE = 100;
    private static final int PAGES_MAX = 50;

    /** What may become money comes after what cannot, and money comes last. */
    private static final List<String> STATUSES = List.of(
            "canceled",
            "requires_payment_method",
            "requires_confirmation",
            "requires_action",
            "processing",
            "requires_capture",
            "succeeded");

    private final StripeClient stripe;

    StripeIntents(StripeClient stripe) {
        this.stripe = stripe;
    }

    /** More intents than can be listed: whether ours is among them is not known. */
    static final class TooManyException extends RuntimeException {

        private static final long serialVersionUID = 1;

        TooManyException() {
            super("more than " + PAGE * PAGES_MAX + " PaymentIntents to list", null, false, false);
        }
    }

    /**
     * @throws TooManyException if the list is longer than can be read
     */
    Optional<PaymentIntent> listed(PaymentLookup lookup) throws StripeException {
        PaymentIntentListParams.Builder params = PaymentIntentListParams.builder()
                .setLimit(PAGE)
                .setCreated(PaymentIntentListParams.Created.builder()
                        .setGte(lookup.around().minus(HALF_WINDOW).getEpochSecond())
                        .setLte(lookup.around().plus(HALF_WINDOW).getEpochSecond())
                        .build());
        for (int page = 0; page < PAGES_MAX; page++) {
            StripeCollection<PaymentIntent> intents =
                    stripe.v1().paymentIntents().list(params.build());
            List<PaymentIntent> data = Objects.requireNonNullElse(intents.getData(), List.of());
            Optional<PaymentIntent> ours = data.stream()
                    .filter(intent -> lookup.paymentId().toString().equals(StripeObjects.paymentId(intent)))
                    .max(Comparator.comparingInt(intent -> STATUSES.indexOf(StripeObjects.status(intent))));
            if (ours.isPresent() || !Boolean.TRUE.equals(intents.getHasMore()) || data.isEmpty()) {
                return ours;
            }
            params.setStartingAfter(data.getLast().getId());
        }
        throw new TooManyException();
    }
}
