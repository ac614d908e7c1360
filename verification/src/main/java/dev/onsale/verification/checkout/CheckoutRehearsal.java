package dev.onsale.verification.checkout;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Ids;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.eventlog.EventJson;
import dev.onsale.verification.checkout.GatewayBooks.Booked;
import dev.onsale.verification.client.NotDoneException;
import dev.onsale.verification.client.OnsaleClient;
import dev.onsale.verification.client.Outcome;
import dev.onsale.verification.verdict.Findings;
import dev.onsale.verification.verdict.Invariant;
import dev.onsale.verification.verdict.LogEvent;
import dev.onsale.verification.verdict.LogFold;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Buyers who hold one seat each and pay for it, while the application dies and comes back. */
final class CheckoutRehearsal {

    private static final String PLAN = "/demo/riethsporthalle-erfurt.seating-plan.json";
    private static final int AT_ONCE = 40;
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Kills the application and brings it back. */
    interface Application {
        void killAndRestart() throws NotDoneException, InterruptedException;
    }

    private final OnsaleClient client;
    private final GatewayBooks gateway;
    private final Application application;
    private final CheckoutOptions options;
    private final Clock clock;
    private final Instant end;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    CheckoutRehearsal(
            OnsaleClient client, GatewayBooks gateway, Application application, CheckoutOptions options, Clock clock) {
        this.client = client;
        this.gateway = gateway;
        this.application = application;
        this.options = options;
        this.clock = clock;
        this.end = clock.instant().plus(options.timeout());
    }

    /** What came of it, for people and programs. */
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
        for (int number = 0; number < options.reservations(); number++) {
            buyers.add(BuyerId.of(run + "-" + number));
        }
        Map<BuyerId, String> tokens = client.tokens(buyers, List.of());
        List<SeatLabel> seats = seats(plan);
        Semaphore atOnce = new Semaphore(AT_ONCE);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            for (int number = 0; number < buyers.size(); number++) {
                String token = tokens.getOrDefault(buyers.get(number), "");
                SeatLabel seat = seats.get(number);
                threads.execute(() -> {
                    try {
                        atOnce.acquire();
                        try {
                            buy(performance, token, seat);
                        } finally {
                            atOnce.release();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            threads.shutdown();
            for (int kill = 1; kill <= options.kills(); kill++) {
                awaitAccepted(options.reservations() * kill / (options.kills() + 1));
                application.killAndRestart();
            }
            threads.awaitTermination(left().toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            threads.shutdownNow();
        }
        return judge(settled(operator, performance));
    }

    private void buy(PerformanceId performance, String token, SeatLabel seat) throws InterruptedException {
        OnsaleClient.Held held = patiently(() -> client.hold(token, "hold", performance, List.of(seat)));
        if (held == null) {
            refused.incrementAndGet();
            return;
        }
        OnsaleClient.PaymentAccepted payment =
                patiently(() -> client.pay(token, "pay", held.reservationId(), "tok_rehearsal"));
        if (payment == null) {
            refused.incrementAndGet();
        } else {
            accepted.incrementAndGet();
        }
    }

    private interface Request<T> {
        Outcome<T> send() throws InterruptedException;
    }

    /** Asks again with the same key until there is an answer: the application may be dead just now. */
    private <T> @Nullable T patiently(Request<T> request) throws InterruptedException {
        while (clock.instant().isBefore(end)) {
            switch (request.send()) {
                case Outcome.Done<T> done -> {
                    return done.value();
                }
                case Outcome.Refused<T> no -> {
                    if (!no.isPassing()) {
                        return null;
                    }
                }
                case Outcome.Unknown<T> unknown -> {}
            }
            pause(PAUSE);
        }
        return null;
    }

    private void awaitAccepted(int count) throws InterruptedException {
        while (accepted.get() + refused.get() < count && clock.instant().isBefore(end)) {
            pause(PAUSE.dividedBy(10));
        }
    }

    /** Ends early only with the rehearsal. */
    private void pause(Duration time) throws InterruptedException {
        boolean unused = stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Duration left() {
        Duration left = Duration.between(clock.instant(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private List<LogEvent> settled(String operator, PerformanceId performance)
            throws NotDoneException, InterruptedException {
        while (true) {
            List<LogEvent> log = client.events(operator, performance.toString(), 0);
            if (LogFold.of(log).unsettled() == 0 || clock.instant().isAfter(end)) {
                return log;
            }
            pause(PAUSE.multipliedBy(4));
        }
    }

    private Result judge(List<LogEvent> log) throws NotDoneException, InterruptedException {
        LogFold fold = LogFold.of(log);
        Findings findings = fold.judge(clock.instant());
        if (fold.unsettled() > 0) {
            findings.add(Invariant.THE_RUN_WAS_WHOLE, fold.unsettled() + " holds or payments have not ended");
        }
        Map<String, Booked> books = gateway.byPayment();
        long difference = compare(log, books, findings);
        long kept = books.values().stream().mapToLong(Booked::kept).sum();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("reservations", options.reservations());
        summary.put("confirmed", fold.count(ReservationStatus.CONFIRMED));
        summary.put("expired", fold.count(ReservationStatus.EXPIRED));
        summary.put("payments_accepted", accepted.get());
        summary.put("refused", refused.get());
        summary.put("kills", options.kills());
        summary.put("gateway_kept_minor_units", kept);
        summary.put(
                "gateway_open_minor_units",
                books.values().stream().mapToLong(Booked::open).sum());
        summary.put("difference_minor_units", difference);
        summary.put("events", fold.events());
        return new Result(summary, findings);
    }

    /** Payment by payment: what the gateway keeps is what the log says was captured less refunded. */
    private static long compare(List<LogEvent> log, Map<String, Booked> books, Findings findings) {
        Map<String, Long> kept = new LinkedHashMap<>();
        Set<String> known = new HashSet<>();
        for (LogEvent event : log) {
            if (event.fact() instanceof PaymentEvent fact) {
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
                findings.add(Invariant.MONEY_MATCHES_BOOKINGS, "The log knows no payment " + entry.getKey());
            }
        }
        return difference;
    }

    private static long moved(PaymentEvent fact) {
        return switch (fact) {
            case dev.onsale.api.payment.PaymentCaptured captured ->
                captured.amount().minorUnits();
            case dev.onsale.api.payment.PaymentRefunded back -> -back.amount().minorUnits();
            default -> 0;
        };
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
