package dev.onsale.saga.webhook;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.PaymentId;
import dev.onsale.eventlog.EventJson;
import dev.onsale.saga.reservation.GatewayReconciliation;
import dev.onsale.saga.step.Steps;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Takes the gateway's calls. A call moves no money and decides nothing: steps of the payment that wait are taken now and ask the
 * gateway themselves, and what may have happened without Onsale becomes a step that looks. So a duplicate, a late or a lost call can
 * do no harm, and within its time a replayed one is only a look more. Calls about others are taken and left alone.
 */
@RestController
@Tag(name = "Payments")
class PaymentWebhookController implements MeterBinder {

    static final String SIGNATURE = "Onsale-Gateway-Signature";
    static final String STRIPE_SIGNATURE = "Stripe-Signature";
    private static final int BODY_BYTES_MAX = 64 * 1024;

    private final WebhookSignature signature;
    private final Steps steps;
    private final GatewayReconciliation reconciliation;
    private final Clock clock;
    private volatile @Nullable MeterRegistry registry;

    PaymentWebhookController(
            WebhookProperties properties, Steps steps, GatewayReconciliation reconciliation, Clock clock) {
        this.signature = new WebhookSignature(properties.secret(), properties.ageMax());
        this.steps = steps;
        this.reconciliation = reconciliation;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        registry = meters;
        var unusedWoken = calls(meters, true);
        var unusedOthers = calls(meters, false);
    }

    private static Counter calls(MeterRegistry meters, boolean woken) {
        return meters.counter("onsale.payment.webhooks", "woken", Boolean.toString(woken));
    }

    @Operation(
            summary = "Webhook of the payment gateway",
            description =
                    "Signed: Onsale-Gateway-Signature: t=<seconds>,v1=<HMAC-SHA256 over t.body, hex>. 204 whether or not the"
                            + " payment is known; a repeat changes nothing. 400 WEBHOOK_REFUSED for a bad signature or a time that is"
                            + " not now.")
    @PostMapping("/api/payment-webhooks")
    ResponseEntity<Void> told(
            @RequestHeader(name = SIGNATURE, required = false) @Nullable String header,
            @RequestHeader(name = STRIPE_SIGNATURE, required = false) @Nullable String stripesHeader,
            @RequestBody(required = false) byte @Nullable [] body) {
        if (body == null || body.length > BODY_BYTES_MAX) {
            throw new InvalidValueException("A call has 1 to " + BODY_BYTES_MAX + " bytes");
        }
        signature.require(header == null ? stripesHeader : header, body, clock.instant());
        JsonNode told = read(body);
        int woken = payment(told).map(id -> steps.wake(id.toString())).orElse(0);
        StripeEvents.toReconcile(told).ifPresent(reconciliation::request);
        MeterRegistry meters = registry;
        if (meters != null) {
            calls(meters, woken > 0).increment();
        }
        return ResponseEntity.noContent().build();
    }

    /** Nothing in what concerns others: their events are taken and left alone. */
    private static Optional<PaymentId> payment(JsonNode told) {
        return StripeEvents.paymentId(told.path("reference").asString("")).or(() -> StripeEvents.paymentId(told));
    }

    private static JsonNode read(byte[] body) {
        try {
            return EventJson.mapper().readTree(body);
        } catch (JacksonException e) {
            throw new InvalidValueException("The call is no JSON");
        }
    }
}
