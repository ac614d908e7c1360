package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.embedded.Service;
import dev.onsale.eventlog.EventJson;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.testsupport.stripe.StripeBooks;
import dev.onsale.testsupport.stripe.StripeServer;
import dev.onsale.testsupport.stripe.StripeServer.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * The whole application with Stripe: every outcome of a payment ends the wait of its reservation, in the aggregate and
 * in the read model.
 */
@Order(1)
@ResourceLock(value = "heap", mode = ResourceAccessMode.READ)
@Tag("services")
class StripePaymentsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String WEBHOOK_SECRET = "whsec_0123456789abcdef";
    private static final String VISA = "pm_card_visa";
    private static final AtomicInteger BUYERS = new AtomicInteger();
    private static final AtomicInteger EVENTS = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // Started before the tests.
    private static EmbeddedServices services;

    @SuppressWarnings("NullAway.Init") // Started before the tests.
    private static StripeServer stripe;

    @SuppressWarnings("NullAway.Init") // Started before the tests.
    private static Onsale onsale;

    @SuppressWarnings("NullAway.Init") // Scheduled before the tests.
    private static String performance;

    @BeforeAll
    static void start() throws Exception {
        Path data =
                Path.of(System.getProperty("basedir", "."), "target", "stripe").toAbsolutePath();
        services = EmbeddedServices.start(
                EmbeddedOptions.in(data).withFreshData().only(Service.REDIS, Service.KAFKA), line -> {});
        // Runs until the JVM ends: closing one application also closes Reactor Netty's event loops, which other
        // applications use.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(services::close));
        stripe = new StripeServer();
        onsale = Onsale.with(
                services.addresses(),
                "--onsale.payment.provider=stripe",
                "--onsale.payment.base-url=" + stripe.baseUri(),
                "--onsale.payment.secret-key=" + StripeServer.SECRET,
                "--onsale.payment.webhook.secret=" + WEBHOOK_SECRET,
                "--onsale.payment.circuit-calls-counted=1000",
                "--onsale.command.payment-window=PT6S",
                "--onsale.saga.action-poll-interval=PT1S",
                "--onsale.saga.refund-poll-interval=PT1H",
                "--onsale.saga.retry-after-min=PT0.2S",
                "--onsale.saga.retry-after-max=PT1S");
        performance = Sales.scheduled(onsale, Sales.performance());
    }

    @AfterEach
    void stripe_answers_again() {
        stripe.refuseAllWith(0);
        stripe.holdNothing();
    }

    /** A reservation with a pending payment. */
    record Checkout(Person buyer, String reservation, String payment) {

        static Checkout with(String card) throws Exception {
            int number = BUYERS.getAndIncrement();
            Person buyer = onsale.person("stripe-" + number);
            String reservation = buyer.hasHeld(performance, "P-" + (number / 10 + 1) + "-" + (number % 10 + 1));
            return new Checkout(buyer, reservation, pay(buyer, reservation, "first", card));
        }

        private static String pay(Person buyer, String reservation, String key, String card) throws Exception {
            return buyer.pays(reservation, key, card)
                    .require(202)
                    .path("paymentId")
                    .asString();
        }

        JsonNode view() throws Exception {
            return buyer.sees("/api/reservations/" + reservation).require(200);
        }

        String intent() {
            return await("an intent")
                    .atMost(LIMIT)
                    .until(() -> stripe.books.intentsOf(payment), intents -> !intents.isEmpty())
                    .getFirst();
        }

        JsonNode awaits(String status, String paymentStatus) {
            return buyer.awaits(reservation, status, paymentStatus);
        }

        JsonNode awaitsReason(String reason) throws Exception {
            await(reason).atMost(LIMIT).untilAsserted(() -> assertThat(
                            view().path("payment").path("reason").asString(""))
                    .isEqualTo(reason));
            return view();
        }

        /** Asserts that the reservation accepts another payment. */
        void isPaidAgain() throws Exception {
            pay(buyer, reservation, "second", VISA);
            awaits("CONFIRMED", "CAPTURED");
        }
    }

    /** Delivers an event about an object of this account. */
    private static void tell(String type, String object) throws Exception {
        deliver(stripe.books.event("evt_" + EVENTS.incrementAndGet(), type, object));
    }

    /** Delivers an event about an object of another account. */
    private static void tell(String type, Map<String, Object> object) throws Exception {
        deliver(Map.of(
                "id",
                "evt_" + EVENTS.incrementAndGet(),
                "object",
                "event",
                "type",
                type,
                "data",
                Map.of("object", object)));
    }

    /** Delivers an event with a signature, as Stripe does. */
    private static void deliver(Map<String, Object> told) throws Exception {
        String event = EventJson.mapper().writeValueAsString(told);
        String signature =
                StripeServer.signature(WEBHOOK_SECRET, Instant.now(), event.getBytes(StandardCharsets.UTF_8));
        assertThat(onsale.post("/api/payment-webhooks")
                        .header("Stripe-Signature", signature)
                        .body("application/json", event)
                        .send()
                        .status())
                .isEqualTo(204);
    }

    /** The outcomes without a captured payment. */
    enum End {
        DECLINED_BY_THE_BANK("DECLINED", "INSUFFICIENT_FUNDS") {
            @Override
            Checkout play() throws Exception {
                return Checkout.with(StripeBooks.CARD_DECLINED);
            }
        },
        CARD_UNKNOWN_TO_THE_GATEWAY("DECLINED", "RESOURCE_MISSING") {
            @Override
            Checkout play() throws Exception {
                return Checkout.with("no_such_card");
            }
        },
        NEVER_SENT("DECLINED", "GATEWAY_UNAVAILABLE") {
            @Override
            Checkout play() throws Exception {
                stripe.refuseAllWith(429);
                return Checkout.with(VISA);
            }
        },
        REFUSED_FOR_THE_SETTINGS("DECLINED", "GATEWAY_UNAVAILABLE") {
            @Override
            Checkout play() throws Exception {
                stripe.refuseAllWith(401);
                return Checkout.with(VISA);
            }
        },
        NEVER_AUTHENTICATED("DECLINED", "AUTHENTICATION_TIMED_OUT") {
            @Override
            Checkout play() throws Exception {
                return Checkout.with(StripeBooks.CARD_3DS);
            }
        },
        AUTHENTICATION_FAILED("DECLINED", "PAYMENT_INTENT_AUTHENTICATION_FAILURE") {
            @Override
            Checkout play() throws Exception {
                Checkout checkout = Checkout.with(StripeBooks.CARD_3DS);
                checkout.awaits("PAYMENT_PENDING", "ACTION_REQUIRED");
                stripe.books.authenticated(checkout.intent(), false);
                return checkout;
            }
        },
        CANCELLED_AT_THE_DASHBOARD("DECLINED", "CANCELLED_AT_GATEWAY") {
            @Override
            Checkout play() throws Exception {
                Checkout checkout = Checkout.with(StripeBooks.CARD_3DS);
                checkout.awaits("PAYMENT_PENDING", "ACTION_REQUIRED");
                stripe.books.cancelledAtDashboard(checkout.intent());
                tell("payment_intent.canceled", checkout.intent());
                return checkout;
            }
        };

        final String status;
        final String reason;

        End(String status, String reason) {
            this.status = status;
            this.reason = reason;
        }

        abstract Checkout play() throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void every_end_of_a_payment_ends_its_reservations_wait_and_the_buyer_pays_again(End end) throws Exception {
        Checkout checkout = end.play();
        JsonNode held = checkout.awaits("HELD", end.status);
        assertThat(held.path("payment").path("reason").asString()).isEqualTo(end.reason);
        assertThat(held.path("next").path("action").asString()).isEqualTo("PAY_AGAIN");
        assertThat(held.path("payment").has("clientSecret")
                        && !held.path("payment").path("clientSecret").isNull())
                .isFalse();
        stripe.refuseAllWith(0);
        assertThat(stripe.books.intentsOf(checkout.payment()))
                .allMatch(intent -> !List.of("requires_action", "requires_capture", "succeeded")
                        .contains(stripe.books.statusOf(intent)));
        checkout.isPaidAgain();
    }

    @Test
    void a_buyer_whom_the_bank_asks_gets_the_secret_alone_and_pays() throws Exception {
        Checkout checkout = Checkout.with(StripeBooks.CARD_3DS);
        JsonNode waiting = checkout.awaits("PAYMENT_PENDING", "ACTION_REQUIRED");
        assertThat(waiting.path("next").path("action").asString()).isEqualTo("AUTHENTICATE");
        assertThat(waiting.path("payment").path("clientSecret").asString()).isEqualTo(checkout.intent() + "_secret_x");
        assertThat(onsale.get("/api/reservations/" + checkout.reservation())
                        .as(onsale.operator())
                        .send()
                        .body())
                .doesNotContain("_secret_x");
        stripe.books.authenticated(checkout.intent(), true);
        tell("payment_intent.amount_capturable_updated", checkout.intent());
        JsonNode owned = checkout.awaits("CONFIRMED", "CAPTURED");
        assertThat(owned.toString()).doesNotContain("_secret_x");
    }

    @Test
    void a_reservation_cancelled_while_the_bank_asks_leaves_nothing_open_at_the_gateway() throws Exception {
        Checkout checkout = Checkout.with(StripeBooks.CARD_3DS);
        checkout.awaits("PAYMENT_PENDING", "ACTION_REQUIRED");
        checkout.buyer().cancels(checkout.reservation()).require(200);
        checkout.awaits("CANCELLED", "DECLINED");
        assertThat(stripe.books.statusOf(checkout.intent())).isEqualTo("canceled");
    }

    @Test
    void wrong_settings_are_told_and_the_payment_goes_on_when_they_are_mended() throws Exception {
        stripe.refuseAllWith(403);
        Checkout checkout = Checkout.with(VISA);
        JsonNode waiting = checkout.awaitsReason("GATEWAY_MISCONFIGURED");
        assertThat(waiting.path("status").asString()).isEqualTo("PAYMENT_PENDING");
        assertThat(waiting.path("payment").path("status").asString()).isEqualTo("REQUESTED");
        stripe.refuseAllWith(0);
        checkout.awaits("CONFIRMED", "CAPTURED");
    }

    /** Actions of an operator at the dashboard while a call of Onsale is in progress. */
    enum AtTheDashboard {
        CANCELLED {
            @Override
            void happens(String intent) throws Exception {
                stripe.books.cancelledAtDashboard(intent);
                tell("payment_intent.canceled", intent);
            }
        },
        REFUNDED {
            @Override
            void happens(String intent) throws Exception {
                stripe.books.capturedAtDashboard(intent);
                tell("payment_intent.succeeded", intent);
                String refund = stripe.books.refundedAtDashboard(intent, 8_900);
                tell("refund.created", refund);
                tell("charge.refunded", stripe.books.chargeOf(intent));
            }
        };

        abstract void happens(String intent) throws Exception;
    }

    /** The call waits before it is executed, or its response waits. */
    @ParameterizedTest
    @CsvSource({
        "confirm, false, CANCELLED, HELD, DECLINED",
        "confirm, true, CANCELLED, CANCELLED, VOIDED",
        "confirm, true, REFUNDED, CANCELLED, REFUNDED",
        "capture, false, CANCELLED, CANCELLED, VOIDED",
        "capture, false, REFUNDED, CANCELLED, REFUNDED",
        "capture, true, REFUNDED, CANCELLED, REFUNDED"
    })
    void what_happens_at_the_dashboard_while_a_call_is_under_way_ends_the_checkout_alike(
            String verb, boolean isDone, AtTheDashboard what, String status, String paymentStatus) throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        int before = waitingFor(verb);
        stripe.hold(verb, gate, isDone);
        Checkout checkout = Checkout.with(VISA);
        await("the call is under way")
                .atMost(LIMIT)
                .until(() -> waitingFor(verb) > before && (!isDone || isDoneAtStripe(verb, checkout)));
        if (isDone && verb.equals("capture")) {
            // Onsale's call has already captured it.
            String refund = stripe.books.refundedAtDashboard(checkout.intent(), 8_900);
            tell("refund.created", refund);
        } else {
            what.happens(checkout.intent());
        }
        stripe.holdNothing();
        gate.countDown();
        checkout.awaits(status, paymentStatus);
        assertThat(stripe.books.intentsOf(checkout.payment())).hasSize(1);
        assertThat(stripe.books.statusOf(checkout.intent()))
                .isEqualTo(what == AtTheDashboard.CANCELLED ? "canceled" : "succeeded");
        if (what == AtTheDashboard.REFUNDED) {
            assertThat(stripe.books.refundsOf(checkout.intent()))
                    .as("not refunded twice")
                    .hasSize(1);
            assertThat(factsOf(checkout, "onsale.payment-refund-reported")).isEqualTo(1);
        }
    }

    private static int waitingFor(String verb) {
        return (int) stripe.requests.stream()
                .filter(request -> request.startsWith("POST") && request.contains("/" + verb + " "))
                .count();
    }

    private static boolean isDoneAtStripe(String verb, Checkout checkout) {
        String done = verb.equals("confirm") ? "requires_capture" : "succeeded";
        return stripe.books.statusOf(checkout.intent()).equals(done);
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILS", "FAILS_AFTERWARDS", "LOSES_THE_ANSWER", "LOSES_THE_REQUEST"})
    void whatever_fails_at_each_call_the_money_is_taken_once(Fault fault) throws Exception {
        stripe.next(fault, fault, fault);
        Checkout checkout = Checkout.with(VISA);
        checkout.awaits("CONFIRMED", "CAPTURED");
        assertThat(stripe.books.intentsOf(checkout.payment()))
                .filteredOn(intent -> stripe.books.statusOf(intent).equals("succeeded"))
                .hasSize(1);
        assertThat(stripe.books.intentsOf(checkout.payment()))
                .noneMatch(intent -> stripe.books.statusOf(intent).equals("requires_capture"));
    }

    @Test
    void a_pending_refund_is_told_and_recorded_when_it_has_succeeded() throws Exception {
        Checkout checkout = Checkout.with(StripeBooks.CARD_PENDING_REFUND);
        checkout.awaits("CONFIRMED", "CAPTURED");
        checkout.buyer().cancels(checkout.reservation()).require(200);
        assertThat(checkout.awaitsReason("REFUND_PENDING").path("status").asString())
                .isEqualTo("CANCELLED");
        String refund = stripe.books.refundsOf(checkout.intent()).getFirst();
        stripe.books.refundBecomes(refund, "succeeded");
        tell("refund.updated", refund);
        checkout.awaits("CANCELLED", "REFUNDED");
    }

    @Test
    void a_refund_that_failed_is_told_and_one_made_at_the_dashboard_then_ends_it() throws Exception {
        Checkout checkout = Checkout.with(StripeBooks.CARD_PENDING_REFUND);
        checkout.awaits("CONFIRMED", "CAPTURED");
        checkout.buyer().cancels(checkout.reservation()).require(200);
        checkout.awaitsReason("REFUND_PENDING");
        String refund = stripe.books.refundsOf(checkout.intent()).getFirst();
        stripe.books.refundBecomes(refund, "failed");
        tell("refund.failed", refund);
        checkout.awaitsReason("REFUND_FAILED");
        String again = stripe.books.refundedAtDashboard(checkout.intent(), 8_900);
        stripe.books.refundBecomes(again, "succeeded");
        tell("charge.refunded", stripe.books.chargeOf(checkout.intent()));
        checkout.awaits("CANCELLED", "REFUNDED");
    }

    @Test
    void a_booking_refunded_at_the_dashboard_is_taken_back_and_one_refunded_in_part_stays() throws Exception {
        Checkout whole = Checkout.with(VISA);
        Checkout part = Checkout.with(VISA);
        whole.awaits("CONFIRMED", "CAPTURED");
        part.awaits("CONFIRMED", "CAPTURED");
        stripe.books.refundedAtDashboard(whole.intent(), 8_900);
        tell("charge.refunded", stripe.books.chargeOf(whole.intent()));
        whole.awaits("CANCELLED", "REFUNDED");

        stripe.books.refundedAtDashboard(part.intent(), 900);
        tell("charge.refunded", stripe.books.chargeOf(part.intent()));
        await("the refund is in the log")
                .atMost(LIMIT)
                .until(() -> factsOf(part, "onsale.payment-refund-reported") == 1);
        part.awaits("CONFIRMED", "CAPTURED");
    }

    private static long factsOf(Checkout checkout, String type) throws Exception {
        try (var connection = onsale.database().connect();
                var statement = connection.prepareStatement(
                        "SELECT COUNT(*) FROM domain_event WHERE aggregate_identifier = ? AND payload_type = ?")) {
            statement.setString(1, checkout.payment());
            statement.setString(2, type);
            try (var result = statement.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    @Test
    void a_dispute_is_told_from_its_beginning_to_its_end() throws Exception {
        Checkout checkout = Checkout.with(VISA);
        checkout.awaits("CONFIRMED", "CAPTURED");
        stripe.books.disputed("dp_1", checkout.intent(), "needs_response");
        tell("charge.dispute.created", "dp_1");
        checkout.awaitsReason("DISPUTE_NEEDS_RESPONSE");
        stripe.books.disputed("dp_1", checkout.intent(), "lost");
        tell("charge.dispute.closed", "dp_1");
        checkout.awaitsReason("DISPUTE_LOST");
    }

    @ParameterizedTest
    @CsvSource({"KWD, 4951, 400", "KWD, 4950, 201", "MGA, 4950, 400", "ISK, 4950, 201", "UGX, 5000, 201"})
    void a_sale_whose_price_stripe_cannot_move_is_not_scheduled(String currency, long minorUnits, int status)
            throws Exception {
        Map<String, Object> sale = Sales.performance();
        Map<String, Object> price = Map.of("minorUnits", minorUnits, "currency", currency);
        sale.put("prices", Map.of("Front", price, "Back", price));
        assertThat(onsale.post("/api/performances")
                        .as(onsale.operator())
                        .key("unit-" + currency + minorUnits)
                        .json(sale)
                        .send()
                        .status())
                .isEqualTo(status);
    }

    @Test
    void events_about_others_are_taken_and_change_nothing() throws Exception {
        tell("payout.paid", Map.of("id", "po_1", "object", "payout"));
        tell("charge.refunded", Map.of("id", "ch_9", "object", "charge", "payment_intent", "pi_of_another_shop"));
        tell("a.type.of.next.year", Map.of("id", "x_1", "object", "x"));
        Checkout checkout = Checkout.with(VISA);
        checkout.awaits("CONFIRMED", "CAPTURED");
    }
}
