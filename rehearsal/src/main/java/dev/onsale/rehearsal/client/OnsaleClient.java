package dev.onsale.rehearsal.client;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.view.CampaignView;
import dev.onsale.api.view.LabelledSeatMapView;
import dev.onsale.api.view.ReservationView;
import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.invariant.LogEvent;
import dev.onsale.proof.invariant.RoomEntry;
import dev.onsale.rehearsal.client.HttpExchange.Answer;
import dev.onsale.rehearsal.client.HttpExchange.NoAnswerException;
import dev.onsale.rehearsal.client.HttpExchange.Request;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A blocking client of Onsale's HTTP API for buyers and operators. Use virtual threads for many concurrent calls.
 * Thread-safe.
 */
public final class OnsaleClient implements AutoCloseable {

    private static final int SUBJECTS_PER_REQUEST = 1_000;
    private static final int EVENTS_PER_PAGE = 10_000;

    private final JsonMapper json = EventJson.mapper();
    private final String url;
    private final HttpExchange http;

    /**
     * @param url such as {@code http://127.0.0.1:8080}
     * @param inFlightMax maximum number of concurrent requests; further requests wait
     * @param timeout time limit of each request
     */
    public OnsaleClient(String url, int inFlightMax, Duration timeout) {
        this.url = url;
        this.http = new HttpExchange(url, inFlightMax, timeout);
    }

    public record Held(
            ReservationId reservationId,
            PerformanceId performanceId,
            List<HeldSeat> seats,
            Money total,
            Instant heldUntil) {}

    public record PaymentAccepted(PaymentId paymentId, ReservationId reservationId, Money amount, Instant payBefore) {}

    public record Cancelled(
            ReservationId reservationId, @Nullable PaymentId refundOf) {}

    public record Issued(CouponId couponId, CampaignId campaignId, int rank) {}

    /** A visitor's place in a waiting room. */
    public record Place(
            String state,
            long position,
            long pollAfterMillis,
            @Nullable String admissionToken) {}

    public record Entered(String saleId, Instant activeUntil) {}

    private record RoomEntries(
            List<RoomEntry> entries, @Nullable String next) {}

    private record Room(long journalBehind, @Nullable Instant restoredAt) {}

    /**
     * The guard of a performance or campaign.
     *
     * @param complete whether the guard exists; a lost guard is rebuilt at the next buyer's request
     * @param lastRebuild report of the last rebuild; lost when Redis loses everything
     */
    public record Guard(
            boolean complete,
            @Nullable Rebuild lastRebuild,
            @Nullable Reconciliation lastReconciliation) {}

    public record Rebuild(String state, long eventsRead, long durationMillis) {}

    /** @param repaired number of wrong guard entries, by kind of error */
    public record Reconciliation(String state, long compared, Map<String, Long> repaired) {}

    private record Scheduled(PerformanceId performanceId) {}

    private record Launched(CampaignId campaignId) {}

    private record Tokens(Map<String, String> tokens) {}

    private record AuditPage(List<StoredFact> events, long nextAfter, long head) {}

    private record StoredFact(
            long position,
            String aggregateType,
            String aggregateId,
            long sequence,
            String type,
            int version,
            JsonNode payload) {}

    public Latencies latencies() {
        return http.latencies();
    }

    /** Whether an Onsale server responds. */
    public boolean answers() throws InterruptedException {
        return call(RequestKind.VERIFY, HttpMethod.GET, "/api/performances?limit=1", null, null, null, JsonNode.class)
                instanceof Outcome.Done<JsonNode>;
    }

    /** A bearer token for each subject, from the development issuer. */
    public Map<BuyerId, String> tokens(List<BuyerId> subjects, List<String> roles)
            throws NotDoneException, InterruptedException {
        Map<BuyerId, String> tokens = new LinkedHashMap<>();
        for (int from = 0; from < subjects.size(); from += SUBJECTS_PER_REQUEST) {
            List<BuyerId> some = subjects.subList(from, Math.min(subjects.size(), from + SUBJECTS_PER_REQUEST));
            String body = json.writeValueAsString(Map.of("subjects", some, "roles", roles));
            call(RequestKind.OPERATE, HttpMethod.POST, "/dev/tokens", null, null, body, Tokens.class)
                    .orElseThrow("No development tokens")
                    .tokens()
                    .forEach((subject, token) -> tokens.put(BuyerId.of(subject), token));
        }
        return tokens;
    }

    public Outcome<PerformanceId> schedule(String token, String key, Map<String, ?> performance)
            throws InterruptedException {
        Outcome<Scheduled> scheduled = call(
                RequestKind.OPERATE,
                HttpMethod.POST,
                "/api/performances",
                token,
                key,
                json.writeValueAsString(performance),
                Scheduled.class);
        return map(scheduled, Scheduled::performanceId);
    }

    public void openRoom(String token, PerformanceId sale, Map<String, ?> settings)
            throws NotDoneException, InterruptedException {
        call(
                        RequestKind.OPERATE,
                        HttpMethod.POST,
                        "/api/admin/waiting-rooms/" + sale,
                        token,
                        null,
                        json.writeValueAsString(settings),
                        Room.class)
                .orElseThrow("The waiting room cannot be opened");
    }

    public Outcome<Place> join(String token, PerformanceId sale) throws InterruptedException {
        return call(
                RequestKind.JOIN,
                HttpMethod.POST,
                "/api/waiting-rooms/" + sale + "/visitors",
                token,
                null,
                null,
                Place.class);
    }

    public Outcome<Place> place(String token, PerformanceId sale) throws InterruptedException {
        return call(
                RequestKind.POLL,
                HttpMethod.GET,
                "/api/waiting-rooms/" + sale + "/visitors/me",
                token,
                null,
                null,
                Place.class);
    }

    public Outcome<Entered> enter(String token, PerformanceId sale, String admissionToken) throws InterruptedException {
        return call(
                RequestKind.ENTER,
                HttpMethod.POST,
                "/api/sales/" + sale + "/entry",
                token,
                null,
                json.writeValueAsString(Map.of("admissionToken", admissionToken)),
                Entered.class);
    }

    public void leave(String token, PerformanceId sale) throws InterruptedException {
        var unused = call(
                RequestKind.ENTER,
                HttpMethod.DELETE,
                "/api/waiting-rooms/" + sale + "/visitors/me",
                token,
                null,
                null,
                JsonNode.class);
    }

    /** Whether the waiting room of a sale exists and was restored since the last loss of Redis. */
    public boolean roomIsRestored(String operator, PerformanceId sale) throws InterruptedException {
        return call(
                        RequestKind.VERIFY,
                        HttpMethod.GET,
                        "/api/admin/waiting-rooms/" + sale,
                        operator,
                        null,
                        null,
                        Room.class)
                .done()
                .filter(room -> room.restoredAt() != null)
                .isPresent();
    }

    /** @param sale performance or campaign */
    public Outcome<Guard> guard(String operator, String sale) throws InterruptedException {
        return call(RequestKind.VERIFY, HttpMethod.GET, "/api/admin/guards/" + sale, operator, null, null, Guard.class);
    }

    /** Requests a reconciliation of the guard of a sale with the store. The result is part of the guard. */
    public Outcome<Reconciliation> reconcile(String operator, String sale) throws InterruptedException {
        return call(
                RequestKind.VERIFY,
                HttpMethod.POST,
                "/api/admin/guards/" + sale + "/reconciliation",
                operator,
                null,
                null,
                Reconciliation.class);
    }

    /** The journal of a waiting room in order; empty while it is not completely written. */
    public Optional<List<RoomEntry>> roomJournal(String operator, PerformanceId sale)
            throws NotDoneException, InterruptedException {
        String path = "/api/admin/waiting-rooms/" + sale;
        Room room = call(RequestKind.VERIFY, HttpMethod.GET, path, operator, null, null, Room.class)
                .orElseThrow("The waiting room cannot be read");
        if (room.journalBehind() > 0) {
            return Optional.empty();
        }
        List<RoomEntry> entries = new ArrayList<>();
        String after = "0-0";
        while (after != null) {
            RoomEntries page = call(
                            RequestKind.VERIFY,
                            HttpMethod.GET,
                            path + "/journal?limit=" + EVENTS_PER_PAGE + "&after=" + after,
                            operator,
                            null,
                            null,
                            RoomEntries.class)
                    .orElseThrow("The journal of the waiting room cannot be read");
            entries.addAll(page.entries());
            after = page.next();
        }
        return Optional.of(entries);
    }

    public Outcome<CampaignId> launch(String token, String key, Map<String, ?> campaign) throws InterruptedException {
        Outcome<Launched> launched = call(
                RequestKind.OPERATE,
                HttpMethod.POST,
                "/api/campaigns",
                token,
                key,
                json.writeValueAsString(campaign),
                Launched.class);
        return map(launched, Launched::campaignId);
    }

    public Outcome<Held> hold(String token, String key, PerformanceId performance, List<SeatLabel> seats)
            throws InterruptedException {
        return call(
                RequestKind.HOLD,
                HttpMethod.POST,
                "/api/performances/" + performance + "/reservations",
                token,
                key,
                json.writeValueAsString(Map.of("seats", seats)),
                Held.class);
    }

    public Outcome<PaymentAccepted> pay(String token, String key, ReservationId reservation, String card)
            throws InterruptedException {
        return pay(token, key, reservation, Map.of("method", Map.of("type", "card", "token", card)));
    }

    /** @param request method and optional coupon, as in the API */
    public Outcome<PaymentAccepted> pay(String token, String key, ReservationId reservation, Map<String, ?> request)
            throws InterruptedException {
        return call(
                RequestKind.PAY,
                HttpMethod.POST,
                "/api/reservations/" + reservation + "/payments",
                token,
                key,
                json.writeValueAsString(request),
                PaymentAccepted.class);
    }

    /** Adds points to a buyer's wallet, as an operator. */
    public Outcome<JsonNode> charge(String operator, String key, BuyerId buyer, Money amount)
            throws InterruptedException {
        return call(
                RequestKind.OPERATE,
                HttpMethod.POST,
                "/api/wallet/charges",
                operator,
                key,
                json.writeValueAsString(Map.of("buyerId", buyer, "amount", amount)),
                JsonNode.class);
    }

    public Outcome<Cancelled> cancel(String token, ReservationId reservation) throws InterruptedException {
        return call(
                RequestKind.CANCEL,
                HttpMethod.DELETE,
                "/api/reservations/" + reservation,
                token,
                null,
                null,
                Cancelled.class);
    }

    public Outcome<Issued> coupon(String token, String key, CampaignId campaign) throws InterruptedException {
        return call(
                RequestKind.COUPON,
                HttpMethod.POST,
                "/api/campaigns/" + campaign + "/coupons",
                token,
                key,
                null,
                Issued.class);
    }

    public Outcome<ReservationView> reservation(RequestKind kind, String token, ReservationId reservation)
            throws InterruptedException {
        return call(kind, HttpMethod.GET, "/api/reservations/" + reservation, token, null, null, ReservationView.class);
    }

    public Outcome<LabelledSeatMapView> seatMap(PerformanceId performance) throws InterruptedException {
        return call(
                RequestKind.VERIFY,
                HttpMethod.GET,
                "/api/performances/" + performance + "/seat-map?labels=true",
                null,
                null,
                null,
                LabelledSeatMapView.class);
    }

    public Outcome<CampaignView> campaign(CampaignId campaign) throws InterruptedException {
        return call(
                RequestKind.VERIFY, HttpMethod.GET, "/api/campaigns/" + campaign, null, null, null, CampaignView.class);
    }

    public String url() {
        return url;
    }

    /** The keys of the seals, as {@code ./onsale verify --key} takes them. */
    public String sealKeys() throws NotDoneException, InterruptedException {
        return call(RequestKind.VERIFY, HttpMethod.GET, "/api/seals/head", null, null, null, JsonNode.class)
                .orElseThrow("The seals cannot be read")
                .toString();
    }

    /** The last sealed position. */
    public long sealedTo() throws NotDoneException, InterruptedException {
        return call(RequestKind.VERIFY, HttpMethod.GET, "/api/seals/head", null, null, null, JsonNode.class)
                .orElseThrow("The seals cannot be read")
                .path("seal")
                .path("lastPosition")
                .asLong();
    }

    /**
     * Result of the server's comparison of the event store with other stores.
     *
     * @param found descriptions of what differs or is behind
     */
    public record SaleAudit(long differences, long behind, List<String> found) {

        public SaleAudit {
            found = List.copyOf(found);
        }
    }

    /**
     * Makes the server compare read models, Redis and Kafka with the event store.
     *
     * @param sale performance or campaign
     */
    public SaleAudit audit(String operator, String sale) throws NotDoneException, InterruptedException {
        JsonNode audit = call(
                        RequestKind.VERIFY,
                        HttpMethod.GET,
                        "/api/audit/sales/" + sale + "/consistency",
                        operator,
                        null,
                        null,
                        JsonNode.class)
                .orElseThrow("The sale cannot be audited");
        List<String> found = new ArrayList<>();
        for (JsonNode part : audit.path("parts")) {
            long differences = part.path("differences").asLong();
            long behind = part.path("behind").asLong();
            if (part.hasNonNull("notCompared")) {
                found.add(part.path("name").asString() + " was not compared: " + part.path("notCompared"));
            }
            if (differences + behind > 0) {
                found.add(part.path("name").asString() + ": " + differences + " differences, " + behind
                        + " behind, first " + part.path("first"));
            }
        }
        return new SaleAudit(
                audit.path("differences").asLong(), audit.path("behind").asLong(), found);
    }

    /**
     * Downloads the sealed log of a sale.
     *
     * @param sale performance or campaign
     * @param anchors numbers of the seals at which the state of the sale must be proven
     */
    public void export(String operator, String sale, List<Long> anchors, Path file) throws NotDoneException {
        String wanted = anchors.stream().map(anchor -> "anchor=" + anchor).collect(Collectors.joining("&"));
        try {
            http.download("/api/audit/sales/" + sale + "/export?" + wanted, operator, file);
        } catch (NoAnswerException failure) {
            throw new NotDoneException("The log of " + sale + " cannot be exported: " + failure.getMessage());
        }
    }

    /** Position of the newest event. */
    public long head(String operator) throws NotDoneException, InterruptedException {
        return page(operator, "", Long.MAX_VALUE).head();
    }

    /**
     * All events of a sale after a position, in log order.
     *
     * @param sale performance or campaign; empty for the whole log
     */
    public List<LogEvent> events(String operator, String sale, long after)
            throws NotDoneException, InterruptedException {
        List<LogEvent> events = new ArrayList<>();
        long position = after;
        while (true) {
            AuditPage page = page(operator, sale.isEmpty() ? "" : "&sale=" + sale, position);
            page.events().forEach(stored -> events.add(read(stored)));
            if (page.nextAfter() <= position || page.nextAfter() >= page.head()) {
                return events;
            }
            position = page.nextAfter();
        }
    }

    private AuditPage page(String operator, String filter, long after) throws NotDoneException, InterruptedException {
        return call(
                        RequestKind.VERIFY,
                        HttpMethod.GET,
                        "/api/audit/events?after=" + after + "&limit=" + EVENTS_PER_PAGE + filter,
                        operator,
                        null,
                        null,
                        AuditPage.class)
                .orElseThrow("The event log cannot be read");
    }

    private LogEvent read(StoredFact stored) {
        return new LogEvent(
                stored.position(),
                stored.aggregateType(),
                stored.aggregateId(),
                stored.sequence(),
                stored.type(),
                EventCatalogue.classOf(stored.type()) == null
                        ? null
                        : EventJson.read(
                                stored.type(),
                                stored.version(),
                                stored.payload().toString()));
    }

    private <T> Outcome<T> call(
            RequestKind kind,
            HttpMethod method,
            String path,
            @Nullable String token,
            @Nullable String key,
            @Nullable String body,
            Class<T> type)
            throws InterruptedException {
        try {
            Answer answer = http.send(new Request(kind, method, path, token, key, body));
            if (answer.status() >= 200 && answer.status() < 300) {
                return new Outcome.Done<>(json.readValue(answer.body(), type));
            }
            JsonNode problem = json.readTree(answer.body());
            if (answer.status() >= 500 && answer.status() != 503) {
                return new Outcome.Unknown<>("answer " + answer.status() + " to " + method + " " + path);
            }
            return new Outcome.Refused<>(
                    answer.status(),
                    problem.path("code").asString("HTTP_" + answer.status()),
                    problem.path("detail").asString(""),
                    answer.retryAfter());
        } catch (NoAnswerException e) {
            return new Outcome.Unknown<>(String.valueOf(e.getMessage()));
        } catch (JacksonException e) {
            return new Outcome.Unknown<>(
                    "the response to " + method + " " + path + " cannot be read: " + e.getOriginalMessage());
        }
    }

    private static <A, B> Outcome<B> map(Outcome<A> outcome, java.util.function.Function<A, B> function) {
        return switch (outcome) {
            case Outcome.Done<A> done -> new Outcome.Done<>(function.apply(done.value()));
            case Outcome.Refused<A> no -> new Outcome.Refused<>(no.status(), no.code(), no.detail(), no.retryAfter());
            case Outcome.Unknown<A> unknown -> new Outcome.Unknown<>(unknown.why());
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
