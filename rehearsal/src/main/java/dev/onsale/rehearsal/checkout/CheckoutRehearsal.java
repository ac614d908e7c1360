package dev.onsale.rehearsal.checkout;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.Ids;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.Invariant;
import dev.onsale.proof.invariant.LogEvent;
import dev.onsale.proof.invariant.LogFold;
import dev.onsale.rehearsal.checkout.GatewayBooks.Booked;
import dev.onsale.rehearsal.client.Deadline;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.client.OnsaleClient;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Runs the {@link Shoppers} while the application is killed and restarted. */
final class CheckoutRehearsal {

    private static final String PLAN = "/demo/riethsporthalle-erfurt.seating-plan.json";
    private static final int AT_ONCE = 40;
    private static final int REFUSED_ONE_IN = 20;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    /** Kills the application and restarts it. */
    interface Application {
        void killAndRestart() throws NotDoneException, InterruptedException;
    }

    private final OnsaleClient client;
    private final GatewayBooks gateway;
    private final Application application;
    private final CheckoutOptions options;
    private final Clock clock;
    private final Deadline deadline;

    CheckoutRehearsal(
            OnsaleClient client, GatewayBooks gateway, Application application, CheckoutOptions options, Clock clock) {
        this.client = client;
        this.gateway = gateway;
        this.application = application;
        this.options = options;
        this.clock = clock;
        this.deadline = Deadline.in(options.timeout());
    }

    /** The result: figures for the report and findings. */
    record Result(Map<String, Object> summary, Findings findings) {}

    Result run() throws NotDoneException, InterruptedException {
        String run = "checkout-" + Ids.timeOrdered().toString().substring(24);
        BuyerId operatorId = BuyerId.of(run + "-operator");
        String operator =
                client.tokens(List.of(operatorId), List.of("operator")).getOrDefault(operatorId, "");
        JsonNode plan = plan();
        PerformanceId performance =
                client.schedule(operator, run, performance(plan)).orElseThrow("The performance cannot be scheduled");
        List<BuyerId> buyers = new ArrayList<>();
        for (int number = 0; number < options.reservations; number++) {
            buyers.add(BuyerId.of(run + "-" + number));
        }
        CampaignId campaign =
                client.launch(operator, run + "-coupons", campaign()).orElseThrow("The campaign cannot be launched");
        Shoppers shoppers = new Shoppers(client, operator, performance, campaign, deadline);
        Map<BuyerId, String> tokens = client.tokens(buyers, List.of());
        List<SeatLabel> seats = seats(plan);
        Semaphore atOnce = new Semaphore(AT_ONCE);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            for (int number = 0; number < buyers.size(); number++) {
                int shopper = number;
                BuyerId buyer = buyers.get(number);
                String token = tokens.getOrDefault(buyer, "");
                SeatLabel seat = seats.get(number);
                threads.execute(() -> {
                    try {
                        atOnce.acquire();
                        try {
                            shoppers.buy(shopper, buyer, token, seat);
                        } finally {
                            atOnce.release();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            threads.shutdown();
            for (int kill = 1; kill <= options.kills; kill++) {
                awaitDone(shoppers, options.reservations * kill / (options.kills + 1));
                application.killAndRestart();
            }
            threads.awaitTermination(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            threads.shutdownNow();
        }
        return judge(settled(operator), shoppers);
    }

    private void awaitDone(Shoppers shoppers, int count) throws InterruptedException {
        while (shoppers.done() < count && !deadline.isOver()) {
            deadline.pause(LOOK_AGAIN.dividedBy(10));
        }
    }

    /**
     * The whole log, after all reservations and payments have ended and no event follows. Coupons and points settle
     * after the money.
     */
    private List<LogEvent> settled(String operator) throws NotDoneException, InterruptedException {
        int before = -1;
        while (true) {
            List<LogEvent> log = client.events(operator, "", 0);
            boolean isSettled = LogFold.of(log).unsettled() == 0 && log.size() == before;
            if (isSettled || deadline.isOver()) {
                return log;
            }
            before = log.size();
            deadline.pause(LOOK_AGAIN);
        }
    }

    private Result judge(List<LogEvent> log, Shoppers shoppers) throws NotDoneException, InterruptedException {
        LogFold fold = LogFold.of(log);
        Findings findings = fold.judge(clock.instant());
        if (fold.unsettled() > 0) {
            findings.add(Invariant.THE_RUN_WAS_WHOLE, fold.unsettled() + " holds or payments have not ended");
        }
        if (shoppers.done() != options.reservations) {
            findings.add(
                    Invariant.EVERY_REQUEST_ANSWERED,
                    "Only " + shoppers.done() + " of " + options.reservations + " buyers got a response");
        }
        // Each buyer has its own seat, so refusals are rare.
        if (shoppers.refused() * REFUSED_ONE_IN > options.reservations) {
            findings.add(Invariant.THE_RUN_WAS_WHOLE, shoppers.refused() + " buyers were refused");
        }
        if (options.successRate > 0 && fold.count(ReservationStatus.CONFIRMED) == 0) {
            findings.add(Invariant.THE_RUN_WAS_WHOLE, "Nothing was sold");
        }
        requireAcknowledged(log, shoppers, findings);
        Map<String, Booked> books = gateway.byPayment();
        long difference = compare(log, books, findings);
        long kept = books.values().stream().mapToLong(Booked::kept).sum();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("reservations", options.reservations);
        summary.put("confirmed", fold.count(ReservationStatus.CONFIRMED));
        summary.put("expired", fold.count(ReservationStatus.EXPIRED));
        summary.put("payments_accepted", shoppers.acknowledged().size());
        summary.put("with_points", shoppers.withPoints());
        summary.put("with_coupon", shoppers.withCoupon());
        summary.put("cancelled", shoppers.cancelled());
        summary.put("refused", shoppers.refused());
        summary.put("kills", options.kills);
        summary.put("gateway_kept_minor_units", kept);
        summary.put(
                "gateway_open_minor_units",
                books.values().stream().mapToLong(Booked::open).sum());
        summary.put(
                "refunded_minor_units",
                books.values().stream().mapToLong(Booked::refunded).sum());
        summary.put("difference_minor_units", difference);
        summary.put("events", fold.events());
        return new Result(summary, findings);
    }

    private static void requireAcknowledged(List<LogEvent> log, Shoppers shoppers, Findings findings) {
        Set<PaymentId> missing = new HashSet<>(shoppers.acknowledged());
        for (LogEvent event : log) {
            if (event.fact() instanceof PaymentRequested requested) {
                missing.remove(requested.paymentId());
            }
        }
        missing.forEach(payment -> findings.add(
                Invariant.NO_LOST_ACKNOWLEDGEMENT, "Payment " + payment + " was accepted but is not in the log"));
    }

    /** Compares payment by payment: the gateway's balance must equal captured less refunded in the log. */
    private static long compare(List<LogEvent> log, Map<String, Booked> books, Findings findings) {
        Map<String, Long> kept = new LinkedHashMap<>();
        Set<String> known = new HashSet<>();
        Set<String> points = new HashSet<>();
        for (LogEvent event : log) {
            if (event.fact() instanceof PaymentInitiated opened && opened.method() instanceof PaymentMethod.Points) {
                points.add(opened.paymentId().toString());
            }
            if (event.fact() instanceof PaymentEvent fact
                    && !points.contains(fact.paymentId().toString())) {
                known.add(fact.paymentId().toString());
                kept.merge(fact.paymentId().toString(), moved(fact), Long::sum);
            }
        }
        long difference = 0;
        for (String payment : known) {
            Booked booked = books.getOrDefault(payment, Booked.NOTHING);
            long off = Math.abs(booked.kept() - kept.getOrDefault(payment, 0L));
            difference += off + booked.open();
            if (off != 0 || booked.open() != 0) {
                findings.add(
                        Invariant.MONEY_MATCHES_BOOKINGS,
                        "The gateway keeps " + booked.kept() + " of payment " + payment + " and has " + booked.open()
                                + " open; the log says " + kept.get(payment));
            }
        }
        for (Map.Entry<String, Booked> entry : books.entrySet()) {
            if (!known.contains(entry.getKey())) {
                difference += entry.getValue().authorized();
                findings.add(Invariant.MONEY_MATCHES_BOOKINGS, "The log has no card payment " + entry.getKey());
            }
        }
        return difference;
    }

    private static long moved(PaymentEvent fact) {
        return switch (fact) {
            case dev.onsale.api.payment.PaymentCaptured captured ->
                captured.amount().minorUnits();
            case dev.onsale.api.payment.PaymentRefunded back -> -back.amount().minorUnits();
            case dev.onsale.api.payment.PaymentPartlyRefunded part ->
                -part.amount().minorUnits();
            default -> 0;
        };
    }

    private Map<String, Object> campaign() {
        Instant now = clock.instant();
        return Map.of(
                "name",
                "Checkout rehearsal",
                "quantity",
                options.reservations,
                "maxCouponsPerBuyer",
                1,
                "opensAt",
                now.minus(Duration.ofMinutes(1)).toString(),
                "closesAt",
                now.plus(Duration.ofDays(1)).toString(),
                "discount",
                Map.of("percentOff", 20));
    }

    private Map<String, Object> performance(JsonNode plan) {
        Instant now = clock.instant();
        Map<String, Object> prices = new LinkedHashMap<>();
        plan.path("categories")
                .forEach(category ->
                        prices.put(category.path("name").asString(), Map.of("minorUnits", 4_900, "currency", "EUR")));
        return Map.of(
                "title",
                "Checkout rehearsal",
                "startsAt",
                now.plus(Duration.ofDays(1)).toString(),
                "saleOpensAt",
                now.minus(Duration.ofMinutes(1)).toString(),
                "saleClosesAt",
                now.plus(Duration.ofDays(1)).toString(),
                "maxSeatsPerBuyer",
                4,
                "holdDuration",
                options.hold().toString(),
                "waitingRoom",
                false,
                "prices",
                prices,
                "seatingPlan",
                plan);
    }

    private static JsonNode plan() throws NotDoneException {
        try (@Nullable InputStream in = CheckoutRehearsal.class.getResourceAsStream(PLAN)) {
            if (in == null) {
                throw new NotDoneException("The hall " + PLAN + " is not on the class path; build again");
            }
            return EventJson.mapper().readTree(in);
        } catch (IOException e) {
            throw new NotDoneException("The hall " + PLAN + " cannot be read: " + e.getMessage());
        }
    }

    private static List<SeatLabel> seats(JsonNode plan) {
        List<SeatLabel> seats = new ArrayList<>();
        for (JsonNode zone : plan.path("zones")) {
            for (JsonNode row : zone.path("rows")) {
                row.path("seats")
                        .forEach(seat ->
                                seats.add(SeatLabel.of(seat.path("seat_guid").asString())));
            }
        }
        return seats;
    }
}
