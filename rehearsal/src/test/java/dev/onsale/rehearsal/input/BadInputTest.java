package dev.onsale.rehearsal.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.AuditLog.Event;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Request;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Each bad request gets the right status as problem+json with a stable code, and no event is written. */
@SharedOnsale
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {

    private static final String NO_PERFORMANCE = "00000000-0000-7000-8000-000000000001";
    private static final String NO_CAMPAIGN = "00000000-0000-7000-8000-000000000002";
    private static final String NO_RESERVATION = "00000000-0000-7000-8000-000000000003";
    private static final int BODY_CHARS = 33 * 1024 * 1024;

    private final Onsale onsale;
    private String operator = "";
    private String performance = "";
    private String campaign = "";
    private String reservation = "";
    private String expired = "";
    private @Nullable Person alice;
    private @Nullable Person bob;

    BadInputTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @BeforeAll
    void something_that_bad_requests_can_be_about() throws Exception {
        operator = onsale.operator();
        alice = onsale.person("bad-input-alice");
        bob = onsale.person("bad-input-bob");
        performance = Sales.scheduled(onsale, Sales.performance());
        campaign = Sales.launched(onsale, Sales.campaign(10));
        reservation = alice().holds(performance, "good", "P-1-1")
                .require(201)
                .path("reservationId")
                .asString();
        Map<String, Object> hasty = Sales.performance();
        hasty.put("holdDuration", "PT1S");
        expired = alice().hasHeld(Sales.scheduled(onsale, hasty), "P-1-1");
        alice().awaits(expired, "EXPIRED", "");
    }

    /** The bad requests left nothing in the log or the guard: all their seats can be held. */
    @AfterAll
    void a_good_request_still_works() throws Exception {
        bob().holds(performance, "good", "P-2-1", "P-2-2", "P-2-3").require(201);
        assertThat(bob().asksForCoupon(campaign, "good")
                        .require(201)
                        .path("rank")
                        .asInt())
                .isEqualTo(1);
    }

    @TestFactory
    Stream<DynamicTest> who_asks() throws Exception {
        Tokens tokens = new Tokens(onsale.data());
        List<DynamicTest> cases = new ArrayList<>();
        cases.add(refused("no token", 401, "UNAUTHENTICATED", holdBody("P-2-1").key("k")));
        tokens.unacceptable(bob().name())
                .forEach((name, token) -> cases.add(refused(
                        name,
                        401,
                        "UNAUTHENTICATED",
                        holdBody("P-2-1").as(token).key("k"))));
        cases.add(refused(
                "a token of another scheme",
                401,
                "UNAUTHENTICATED",
                holdBody("P-2-1").header("Authorization", "Basic Ym9iOmJvYg==").key("k")));
        cases.add(refused(
                "an empty token",
                401,
                "UNAUTHENTICATED",
                onsale.get("/api/me/reservations").header("Authorization", "Bearer ")));
        cases.add(refused(
                "a token of strange characters",
                401,
                "UNAUTHENTICATED",
                onsale.get("/api/me/reservations").header("Authorization", "Bearer {\"alg\":\"none\"}.<>.")));
        cases.add(refused(
                "another scheme",
                401,
                "UNAUTHENTICATED",
                onsale.get("/api/me/reservations").header("Authorization", "Basic YWxpY2U6cGFzcw==")));
        cases.add(refused("no token for an own view", 401, "UNAUTHENTICATED", onsale.get("/api/me/reservations")));
        cases.add(refused("no token on an unknown path", 404, "NOT_FOUND", onsale.get("/nowhere")));
        cases.add(
                refused("a buyer schedules", 403, "FORBIDDEN", schedule(p -> {}).as(bob().token())));
        cases.add(refused("a buyer launches", 403, "FORBIDDEN", launch(c -> {}).as(bob().token())));
        cases.add(refused(
                "a buyer closes a sale",
                403,
                "FORBIDDEN",
                onsale.post("/api/performances/" + performance + "/sale/close")
                        .as(bob().token())
                        .key("k")));
        cases.add(refused(
                "a buyer closes a campaign",
                403,
                "FORBIDDEN",
                onsale.post("/api/campaigns/" + campaign + "/close")
                        .as(bob().token())
                        .key("k")));
        cases.add(refused(
                "a buyer audits",
                403,
                "FORBIDDEN",
                onsale.get("/api/audit/events").as(bob().token())));
        cases.add(refused(
                "a buyer opens a waiting room",
                403,
                "FORBIDDEN",
                onsale.post("/api/admin/waiting-rooms/" + performance).as(bob().token())));
        return cases.stream();
    }

    @TestFactory
    Stream<DynamicTest> what_is_asked_for() {
        return Stream.of(
                refused(
                        "a performance closed as a campaign",
                        404,
                        "CAMPAIGN_NOT_FOUND",
                        onsale.post("/api/campaigns/" + performance + "/close")
                                .as(operator)
                                .key("k")),
                refused(
                        "a campaign closed as a sale",
                        404,
                        "PERFORMANCE_NOT_FOUND",
                        onsale.post("/api/performances/" + campaign + "/sale/close")
                                .as(operator)
                                .key("k")),
                refused(
                        "a coupon of a performance",
                        404,
                        "CAMPAIGN_NOT_FOUND",
                        onsale.post("/api/campaigns/" + performance + "/coupons")
                                .as(operator)
                                .key("k")),
                refused(
                        "unknown path",
                        404,
                        "NOT_FOUND",
                        onsale.get("/api/nothing").as(operator)),
                refused(
                        "wrong method",
                        405,
                        "METHOD_NOT_ALLOWED",
                        onsale.request("PUT", "/api/performances").as(operator)),
                refused(
                        "wrong content type",
                        415,
                        "UNSUPPORTED_MEDIA_TYPE",
                        hold().body("text/plain", "P-2-1").as(bob().token()).key("k")),
                refused(
                        "a response in another format",
                        406,
                        "NOT_ACCEPTABLE",
                        onsale.get("/api/performances").header("Accept", "image/png")),
                refused(
                        "unknown performance",
                        404,
                        "PERFORMANCE_NOT_FOUND",
                        onsale.get("/api/performances/" + NO_PERFORMANCE)),
                refused(
                        "map of an unknown performance",
                        404,
                        "PERFORMANCE_NOT_FOUND",
                        onsale.get("/api/performances/" + NO_PERFORMANCE + "/seat-map")),
                refused(
                        "plan of an unknown performance",
                        404,
                        "PERFORMANCE_NOT_FOUND",
                        onsale.get("/api/performances/" + NO_PERFORMANCE + "/seating-plan")),
                refused(
                        "a hold on an unknown performance",
                        404,
                        "PERFORMANCE_NOT_FOUND",
                        onsale.post("/api/performances/" + NO_PERFORMANCE + "/reservations")
                                .json(Map.of("seats", List.of("P-2-1")))
                                .as(bob().token())
                                .key("k")),
                refused(
                        "an unknown sale is closed",
                        404,
                        "PERFORMANCE_NOT_FOUND",
                        onsale.post("/api/performances/" + NO_PERFORMANCE + "/sale/close")
                                .as(operator)
                                .key("k")),
                refused("unknown campaign", 404, "CAMPAIGN_NOT_FOUND", onsale.get("/api/campaigns/" + NO_CAMPAIGN)),
                refused(
                        "a coupon of an unknown campaign",
                        404,
                        "CAMPAIGN_NOT_FOUND",
                        onsale.post("/api/campaigns/" + NO_CAMPAIGN + "/coupons")
                                .as(bob().token())
                                .key("k")),
                refused(
                        "a performance is paid for as a reservation",
                        404,
                        "RESERVATION_NOT_FOUND",
                        pay(performance).as(bob().token())),
                refused(
                        "an unknown campaign is closed",
                        404,
                        "CAMPAIGN_NOT_FOUND",
                        onsale.post("/api/campaigns/" + NO_CAMPAIGN + "/close")
                                .as(operator)
                                .key("k")),
                refused(
                        "unknown reservation",
                        404,
                        "RESERVATION_NOT_FOUND",
                        onsale.get("/api/reservations/" + NO_RESERVATION).as(bob().token())),
                refused(
                        "payment for an unknown reservation",
                        404,
                        "RESERVATION_NOT_FOUND",
                        pay(NO_RESERVATION).as(bob().token())),
                refused(
                        "an unknown reservation is cancelled",
                        404,
                        "RESERVATION_NOT_FOUND",
                        onsale.delete("/api/reservations/" + NO_RESERVATION).as(bob().token())),
                refused(
                        "an unknown waiting room",
                        404,
                        "WAITING_ROOM_NOT_FOUND",
                        onsale.post("/api/waiting-rooms/" + NO_PERFORMANCE + "/visitors")
                                .as(bob().token())),
                refused(
                        "a malformed performance id",
                        400,
                        "INVALID_REQUEST",
                        onsale.get("/api/performances/1-1-1-1-1")),
                refused("a malformed campaign id", 400, "INVALID_REQUEST", onsale.get("/api/campaigns/x")),
                refused(
                        "a malformed reservation id",
                        400,
                        "INVALID_REQUEST",
                        onsale.delete("/api/reservations/" + reservation + "0").as(bob().token())),
                refused(
                        "a malformed id in a hold",
                        400,
                        "INVALID_REQUEST",
                        onsale.post("/api/performances/%00/reservations")
                                .json(Map.of("seats", List.of("P-2-1")))
                                .as(bob().token())
                                .key("k")),
                refused(
                        "a limit that is not a number",
                        400,
                        "INVALID_REQUEST",
                        onsale.get("/api/performances?limit=many")),
                refused("a limit of zero", 400, "INVALID_REQUEST", onsale.get("/api/performances?limit=0")),
                refused("a limit that is too large", 400, "INVALID_REQUEST", onsale.get("/api/performances?limit=101")),
                refused(
                        "an audit from a negative position",
                        400,
                        "INVALID_REQUEST",
                        onsale.get("/api/audit/events?after=-1").as(operator)),
                refused(
                        "tokens for no subject",
                        400,
                        "INVALID_REQUEST",
                        onsale.post("/dev/tokens").json(Map.of())),
                refused(
                        "a token for an invalid name",
                        400,
                        "INVALID_REQUEST",
                        onsale.post("/dev/tokens").json(Map.of("subject", "no body"))));
    }

    @TestFactory
    Stream<DynamicTest> bodies() {
        return Stream.of(
                refused(
                        "no body",
                        400,
                        "INVALID_REQUEST",
                        hold().as(bob().token()).key("k")),
                body("an empty body", 400, ""),
                body("not JSON", 400, "seats please"),
                body("half of a JSON object", 400, "{\"seats\":[\"P-2-1\""),
                body("two JSON objects", 400, "{\"seats\":[\"P-2-1\"]}{\"seats\":[\"P-2-2\"]}"),
                body("a list", 400, "[\"P-2-1\"]"),
                body("null", 400, "null"),
                body("an object without seats", 400, "{}"),
                body("null for seats", 400, "{\"seats\":null}"),
                body("no seat", 400, "{\"seats\":[]}"),
                body("a text for seats", 400, "{\"seats\":\"P-2-1\"}"),
                body("an object for a seat", 400, "{\"seats\":[{\"seat\":\"P-2-1\"}]}"),
                body("null for a seat", 400, "{\"seats\":[null]}"),
                body("a seat without a name", 400, "{\"seats\":[\"\"]}"),
                body("a seat with a control character", 400, "{\"seats\":[\"P-2-1\\u0000\"]}"),
                body("a seat with a name too long", 400, "{\"seats\":[\"" + "P".repeat(101) + "\"]}"),
                body("JSON nested too deep", 400, "{\"seats\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"),
                refused(
                        "a body that is too large",
                        413,
                        "CONTENT_TOO_LARGE",
                        hold().body("application/json", "{\"seats\":[\"" + "P".repeat(BODY_CHARS) + "\"]}")
                                .as(bob().token())
                                .key("k")));
    }

    @TestFactory
    Stream<DynamicTest> holds() {
        return Stream.of(
                refused("the same seat twice", 400, "DUPLICATE_SEAT", good("P-2-1", "P-2-1")),
                refused("an unknown seat", 400, "UNKNOWN_SEAT", good("P-2-1", "P-9-9")),
                refused("a seat in small letters", 400, "UNKNOWN_SEAT", good("p-2-1")),
                refused(
                        "more seats than a person may have",
                        400,
                        "TOO_MANY_SEATS",
                        good(IntStream.rangeClosed(1, 5)
                                .mapToObj(i -> "P-2-" + i)
                                .toArray(String[]::new))),
                refused(
                        "a thousand seats",
                        400,
                        "TOO_MANY_SEATS",
                        good(IntStream.range(0, 1_000).mapToObj(i -> "P-" + i).toArray(String[]::new))),
                refused(
                        "a list of more than a thousand seats",
                        400,
                        "INVALID_REQUEST",
                        good(IntStream.range(0, 1_001).mapToObj(i -> "P-" + i).toArray(String[]::new))),
                refused(
                        "a hundred thousand seats",
                        413,
                        "CONTENT_TOO_LARGE",
                        good(IntStream.range(0, 100_000).mapToObj(i -> "P-" + i).toArray(String[]::new))),
                refused("a taken seat", 409, "SEAT_TAKEN", good("P-1-1")),
                refused("a free seat with a taken one", 409, "SEAT_TAKEN", good("P-2-1", "P-1-1")),
                refused(
                        "no key",
                        400,
                        "IDEMPOTENCY_KEY_MISSING",
                        holdBody("P-2-1").as(bob().token())),
                refused(
                        "a key that is too long",
                        400,
                        "INVALID_REQUEST",
                        holdBody("P-2-1").as(bob().token()).key("k".repeat(201))),
                refused(
                        "a key with a space",
                        400,
                        "INVALID_REQUEST",
                        holdBody("P-2-1").as(bob().token()).key("k k")),
                refused(
                        "a key used before for other seats",
                        422,
                        "IDEMPOTENCY_KEY_REUSED",
                        holdBody("P-2-1").as(alice().token()).key("good")),
                refused(
                        "a key used before for a seat less",
                        422,
                        "IDEMPOTENCY_KEY_REUSED",
                        holdBody("P-1-1", "P-2-1").as(alice().token()).key("good")));
    }

    @TestFactory
    Stream<DynamicTest> best_seats() {
        return Stream.of(
                body("seats and a quantity", 400, "{\"seats\":[\"P-2-1\"],\"quantity\":1}"),
                body("seats and a category", 400, "{\"seats\":[\"P-2-1\"],\"category\":\"Front\"}"),
                body("a category alone", 400, "{\"category\":\"Front\"}"),
                body("null for a quantity", 400, "{\"quantity\":null}"),
                body("no seat at all", 400, "{\"quantity\":0}"),
                body("a negative quantity", 400, "{\"quantity\":-2}"),
                body("a seat and a half", 400, "{\"quantity\":1.5}"),
                body("two whole seats as a fraction", 400, "{\"quantity\":2.0}"),
                body("a quantity in words", 400, "{\"quantity\":\"two\"}"),
                body("a quantity as a text", 400, "{\"quantity\":\"2\"}"),
                body("a quantity that is true", 400, "{\"quantity\":true}"),
                body("a quantity beyond numbers", 400, "{\"quantity\":99999999999}"),
                body("a list of categories", 400, "{\"quantity\":2,\"category\":[\"Front\"]}"),
                refused(
                        "more best seats than a person may have",
                        400,
                        "TOO_MANY_SEATS",
                        best(performance, Map.of("quantity", 5))),
                refused(
                        "the best seats of an unknown category",
                        400,
                        "UNKNOWN_PRICE_ZONE",
                        best(performance, Map.of("quantity", 2, "category", "Balcony"))),
                refused(
                        "the best seats of a category in small letters",
                        400,
                        "UNKNOWN_PRICE_ZONE",
                        best(performance, Map.of("quantity", 2, "category", "front"))),
                refused(
                        "the best seats of an unknown performance",
                        404,
                        "PERFORMANCE_NOT_FOUND",
                        best(NO_PERFORMANCE, Map.of("quantity", 2))),
                refused(
                        "more seats than the allowance has left",
                        409,
                        "ALLOWANCE_EXCEEDED",
                        best(performance, Map.of("quantity", 4))
                                .as(alice().token())
                                .key("k")),
                refused(
                        "a key used before for a named seat",
                        422,
                        "IDEMPOTENCY_KEY_REUSED",
                        best(performance, Map.of("quantity", 2))
                                .as(alice().token())
                                .key("good")));
    }

    @TestFactory
    Stream<DynamicTest> outside_the_window_or_in_another_hall() throws Exception {
        Map<String, Object> early = Sales.performance();
        early.put("saleOpensAt", "2098-01-01T00:00:00Z");
        String notOpen = Sales.scheduled(onsale, early);
        String closed = Sales.scheduled(onsale, Sales.performance());
        onsale.post("/api/performances/" + closed + "/sale/close")
                .as(operator)
                .key(UUID.randomUUID().toString())
                .send()
                .require(204);
        Map<String, Object> other = Sales.performance();
        other.put("seatingPlan", renamed());
        String elsewhere = Sales.scheduled(onsale, other);
        Map<String, Object> later = Sales.campaign(10);
        later.put("opensAt", "2098-01-01T00:00:00Z");
        String notYet = Sales.launched(onsale, later);
        String over = Sales.launched(onsale, Sales.campaign(10));
        onsale.post("/api/campaigns/" + over + "/close")
                .as(operator)
                .key(UUID.randomUUID().toString())
                .send()
                .require(204);
        // Until the guard knows the campaign, the refusal has another code.
        bob().asksForCoupon(notYet, "early").requireProblem(409, "CAMPAIGN_NOT_OPEN");
        bob().asksForCoupon(over, "late").requireProblem(409, "CAMPAIGN_CLOSED");
        return Stream.of(
                refused("a seat before the sale", 409, "SALE_NOT_OPEN", named(notOpen, "P-2-1")),
                refused("a seat after the sale", 409, "SALE_CLOSED", named(closed, "P-2-1")),
                refused("the best before the sale", 409, "SALE_NOT_OPEN", best(notOpen, Map.of("quantity", 2))),
                refused("the best after the sale", 409, "SALE_CLOSED", best(closed, Map.of("quantity", 2))),
                refused("a seat of another performance", 400, "UNKNOWN_SEAT", named(performance, "Q-2-1")),
                refused("a seat of another performance beside an own", 400, "UNKNOWN_SEAT", good("P-2-1", "Q-2-1")),
                refused("the other way round", 400, "UNKNOWN_SEAT", named(elsewhere, "P-2-1")),
                refused("a coupon before the window", 409, "CAMPAIGN_NOT_OPEN", coupon(notYet)),
                refused("a coupon after the window", 409, "CAMPAIGN_CLOSED", coupon(over)));
    }

    private static Map<String, Object> renamed() {
        return Map.of(
                "name",
                "Another hall",
                "categories",
                List.of(Map.of("name", "Front"), Map.of("name", "Back")),
                "zones",
                List.of(Map.of(
                        "name",
                        "Zone",
                        "rows",
                        List.of(row(
                                Map.of("seat_guid", "Q-2-1", "category", "Front"),
                                Map.of("seat_guid", "Q-2-2", "category", "Back"))))));
    }

    private Request named(String sale, String seat) {
        return best(sale, Map.of("seats", List.of(seat)));
    }

    private Request best(String sale, Map<String, Object> wish) {
        return onsale.post("/api/performances/" + sale + "/reservations")
                .json(wish)
                .as(bob().token())
                .key(UUID.randomUUID().toString());
    }

    private Request coupon(String id) {
        return onsale.post("/api/campaigns/" + id + "/coupons")
                .as(bob().token())
                .key(UUID.randomUUID().toString());
    }

    @TestFactory
    Stream<DynamicTest> payments_and_cancellations() {
        return Stream.of(
                refused(
                        "payment for an expired hold",
                        409,
                        "HOLD_EXPIRED",
                        pay(expired).as(alice().token())),
                refused(
                        "cancellation of an expired hold",
                        409,
                        "HOLD_EXPIRED",
                        onsale.delete("/api/reservations/" + expired).as(alice().token())),
                refused(
                        "payment for another buyer's reservation",
                        404,
                        "RESERVATION_NOT_FOUND",
                        pay(reservation).as(bob().token())),
                refused(
                        "cancellation of another buyer's reservation",
                        404,
                        "RESERVATION_NOT_FOUND",
                        onsale.delete("/api/reservations/" + reservation).as(bob().token())),
                refused(
                        "reading another buyer's reservation",
                        404,
                        "RESERVATION_NOT_FOUND",
                        onsale.get("/api/reservations/" + reservation).as(bob().token())),
                payment("no key", "IDEMPOTENCY_KEY_MISSING", null, "{\"method\":{\"type\":\"card\",\"token\":\"t\"}}"),
                payment("no method", "INVALID_REQUEST", "k", "{}"),
                payment(
                        "an unknown method",
                        "INVALID_REQUEST",
                        "k",
                        "{\"method\":{\"type\":\"gold\",\"token\":\"t\"}}"),
                payment("a method without a type", "INVALID_REQUEST", "k", "{\"method\":{\"token\":\"t\"}}"),
                payment("no card", "INVALID_REQUEST", "k", "{\"method\":{\"type\":\"card\"}}"),
                payment(
                        "a number for a card",
                        "INVALID_REQUEST",
                        "k",
                        "{\"method\":{\"type\":\"card\",\"token\":[7]}}"),
                payment(
                        "a card that is too long",
                        "INVALID_REQUEST",
                        "k",
                        "{\"method\":{\"type\":\"card\",\"token\":\"" + "t".repeat(201) + "\"}}"),
                payment(
                        "a card of spaces",
                        "INVALID_REQUEST",
                        "k",
                        "{\"method\":{\"type\":\"card\",\"token\":\"  \"}}"));
    }

    @TestFactory
    Stream<DynamicTest> performances() {
        return Stream.of(
                performance("no title", "INVALID_REQUEST", p -> p.remove("title")),
                performance("a blank title", "INVALID_REQUEST", p -> p.put("title", "  ")),
                performance("a title that is too long", "INVALID_REQUEST", p -> p.put("title", "t".repeat(201))),
                performance("no start", "INVALID_REQUEST", p -> p.remove("startsAt")),
                performance("a start that is not a time", "INVALID_REQUEST", p -> p.put("startsAt", "tonight")),
                performance("a time without a zone", "INVALID_REQUEST", p -> p.put("startsAt", "2099-01-01T00:00:00")),
                performance("no window", "INVALID_REQUEST", p -> p.remove("saleOpensAt")),
                performance("a window that ends before it starts", "INVALID_WINDOW", p -> {
                    p.put("saleOpensAt", "2098-01-02T00:00:00Z");
                    p.put("saleClosesAt", "2098-01-01T00:00:00Z");
                }),
                performance("a window without length", "INVALID_WINDOW", p -> p.put("saleOpensAt", Sales.ENDS)),
                performance(
                        "a window of the past", "INVALID_WINDOW", p -> p.put("saleClosesAt", "2026-01-02T00:00:00Z")),
                performance("zero seats per person", "INVALID_REQUEST", p -> p.put("maxSeatsPerBuyer", 0)),
                performance("negative seats", "INVALID_REQUEST", p -> p.put("maxSeatsPerBuyer", -1)),
                performance("seats without limit", "INVALID_REQUEST", p -> p.put("maxSeatsPerBuyer", 51)),
                performance("half a seat", "INVALID_REQUEST", p -> p.put("maxSeatsPerBuyer", 1.5)),
                performance("no hold duration", "INVALID_REQUEST", p -> p.remove("holdDuration")),
                performance("a negative hold duration", "INVALID_REQUEST", p -> p.put("holdDuration", "PT-5M")),
                performance("a hold of a day", "INVALID_REQUEST", p -> p.put("holdDuration", "P1D")),
                performance("a hold duration in words", "INVALID_REQUEST", p -> p.put("holdDuration", "soon")),
                performance("no prices", "INVALID_REQUEST", p -> p.remove("prices")),
                performance("no category with a price", "UNKNOWN_PRICE_ZONE", p -> p.put("prices", Map.of())),
                performance(
                        "a price without a category",
                        "UNKNOWN_PRICE_ZONE",
                        p -> p.put(
                                "prices",
                                Map.of("Front", Sales.euro(1), "Back", Sales.euro(1), "Balcony", Sales.euro(1)))),
                performance(
                        "a negative price",
                        "INVALID_REQUEST",
                        p -> p.put("prices", Map.of("Front", Sales.euro(-1), "Back", Sales.euro(1)))),
                performance(
                        "a price in no currency",
                        "INVALID_REQUEST",
                        p -> p.put(
                                "prices",
                                Map.of("Front", Map.of("minorUnits", 1, "currency", "Taler"), "Back", Sales.euro(1)))),
                performance(
                        "prices in two currencies",
                        "INVALID_REQUEST",
                        p -> p.put(
                                "prices",
                                Map.of("Front", Map.of("minorUnits", 1, "currency", "CHF"), "Back", Sales.euro(1)))),
                performance("a price that is null", "INVALID_REQUEST", p -> {
                    Map<String, @Nullable Object> prices = new HashMap<>();
                    prices.put("Front", null);
                    prices.put("Back", Sales.euro(1));
                    p.put("prices", prices);
                }),
                refused(
                        "no key",
                        400,
                        "IDEMPOTENCY_KEY_MISSING",
                        onsale.post("/api/performances")
                                .json(Sales.performance())
                                .as(operator)));
    }

    @TestFactory
    Stream<DynamicTest> seating_plans() {
        return Stream.of(
                performance("no plan", "INVALID_REQUEST", p -> p.remove("seatingPlan")),
                performance("a plan that is a text", "INVALID_SEATING_PLAN", p -> p.put("seatingPlan", "the usual")),
                plan("a plan whose name is a number", plan -> plan.put("name", 7)),
                plan("a plan without categories", plan -> plan.remove("categories")),
                plan("a plan without zones", plan -> plan.remove("zones")),
                plan("a plan with an empty list of zones", plan -> plan.put("zones", List.of())),
                plan(
                        "a duplicate category",
                        plan -> plan.put("categories", List.of(Map.of("name", "Front"), Map.of("name", "Front")))),
                plan("a category without a name", plan -> plan.put("categories", List.of(Map.of("color", "#fff")))),
                plan("a zone without a seat", plan -> plan.put("zones", List.of(Map.of("rows", List.of())))),
                plan("a zone without rows", plan -> plan.put("zones", List.of(Map.of("name", "A")))),
                plan("a zone that is a number", plan -> plan.put("zones", List.of(7))),
                seats("a row without seats", Map.of("row_number", "1")),
                seats("a seat without a name", row(Map.of("category", "Front"))),
                seats("a seat with a blank name", row(Map.of("seat_guid", " ", "category", "Front"))),
                seats("a seat with a name too long", row(Map.of("seat_guid", "x".repeat(101), "category", "Front"))),
                seats("a seat that is a text", Map.of("seats", List.of("A-1"))),
                seats("a seat of no category", row(Map.of("seat_guid", "A-1"))),
                seats("a seat of an unknown category", row(Map.of("seat_guid", "A-1", "category", "Balcony"))),
                seats(
                        "a duplicate seat",
                        row(
                                Map.of("seat_guid", "A-1", "category", "Front"),
                                Map.of("seat_guid", "A-1", "category", "Back"))),
                seats(
                        "a seat whose place is a text",
                        row(Map.of("seat_guid", "A-1", "category", "Front", "position", Map.of("x", "left")))),
                seats(
                        "more than a hundred thousand seats",
                        row(IntStream.rangeClosed(0, 100_000)
                                .mapToObj(i -> Map.of("seat_guid", "A-" + i, "category", "Front"))
                                .toArray())));
    }

    @TestFactory
    Stream<DynamicTest> texts_that_are_none() throws Exception {
        String halfOfAPair = "\\ud800";
        String good = new tools.jackson.databind.json.JsonMapper().writeValueAsString(Sales.performance());
        List<DynamicTest> cases = new ArrayList<>();
        for (String text : List.of("An evening", "Front", "P-1-1", "title", "Parquet", "#E87722")) {
            cases.add(refused(
                    "half a surrogate pair in a performance, after " + text,
                    400,
                    "INVALID_REQUEST",
                    onsale.post("/api/performances")
                            .body(
                                    "application/json",
                                    good.replace("\"" + text + "\"", "\"" + text + halfOfAPair + "\""))
                            .as(operator)
                            .key(UUID.randomUUID().toString())));
        }
        cases.add(body("half a pair in a seat", 400, "{\"seats\":[\"P-2-1" + halfOfAPair + "\"]}"));
        cases.add(body("half a pair in a category", 400, "{\"quantity\":1,\"category\":\"\\udc00\"}"));
        cases.add(payment(
                "half a pair in a name",
                "INVALID_REQUEST",
                "k",
                "{\"method\":{\"type\":\"card\",\"token\":\"t\"},\"contact\":{\"name\":\"" + halfOfAPair + "\"}}"));
        cases.add(payment(
                "half a pair in a card",
                "INVALID_REQUEST",
                "k",
                "{\"method\":{\"type\":\"card\",\"token\":\"\\ud800\"}}"));
        cases.add(performance(
                "a title of 201 faces", "INVALID_REQUEST", p -> p.put("title", "\ud83c\udfad".repeat(201))));
        cases.add(performance("milliseconds", "INVALID_REQUEST", p -> p.put("saleClosesAt", 1_893_456_000_000L)));
        cases.add(performance("year 10000", "INVALID_REQUEST", p -> p.put("startsAt", "+10000-01-01T00:00:00Z")));
        cases.add(campaign("year 1969", "INVALID_REQUEST", c -> c.put("opensAt", "1969-12-31T23:59:59Z")));
        cases.add(refused(
                "a waiting room of the far future",
                400,
                "INVALID_REQUEST",
                onsale.post("/api/admin/waiting-rooms/" + performance)
                        .json(Map.of("opensAt", "+999999999-01-01T00:00:00Z"))
                        .as(operator)));
        cases.add(DynamicTest.dynamicTest(
                "a title of 200 faces is one", () -> schedule(p -> p.put("title", "\ud83c\udfad".repeat(200)))
                        .as(operator)
                        .send()
                        .require(201)));
        cases.add(DynamicTest.dynamicTest("a local day of 25 hours", () -> onsale.get("/api/admin/performances/"
                        + performance + "/sales?from=2026-10-24T22:00:00Z&to=2026-10-25T23:00:00Z")
                .as(operator)
                .send()
                .require(200)));
        return cases.stream();
    }

    @TestFactory
    Stream<DynamicTest> bodies_where_none_is_taken() {
        return Stream.of(
                refused(
                        "a seat is cancelled that the reservation does not have",
                        409,
                        "SEAT_NOT_IN_RESERVATION",
                        onsale.delete("/api/reservations/" + reservation)
                                .json(Map.of("seats", List.of("P-9-9")))
                                .as(alice().token())),
                refused(
                        "a reservation is cancelled with wishes",
                        400,
                        "INVALID_REQUEST",
                        onsale.delete("/api/reservations/" + reservation)
                                .json(Map.of("refund", "double"))
                                .as(alice().token())),
                refused(
                        "a coupon with wishes",
                        400,
                        "INVALID_REQUEST",
                        coupon(campaign).json(Map.of("rank", 1))),
                refused(
                        "a sale is opened with a time",
                        400,
                        "INVALID_REQUEST",
                        onsale.post("/api/performances/" + performance + "/sale/open")
                                .json(Map.of("at", Sales.BEGAN))
                                .as(operator)
                                .key("k")),
                refused(
                        "personal data is erased in part",
                        400,
                        "INVALID_REQUEST",
                        onsale.delete("/api/me/personal-data")
                                .json(Map.of("only", "name"))
                                .as(bob().token())));
    }

    @TestFactory
    Stream<DynamicTest> campaigns() {
        return Stream.of(
                campaign("no name", "INVALID_REQUEST", c -> c.remove("name")),
                campaign("no quantity", "INVALID_REQUEST", c -> c.remove("quantity")),
                campaign("a negative quantity", "INVALID_REQUEST", c -> c.put("quantity", -100)),
                campaign("a quantity of zero", "INVALID_REQUEST", c -> c.put("quantity", 0)),
                campaign("a quantity that is too large", "INVALID_REQUEST", c -> c.put("quantity", 99_999_999_999L)),
                campaign("a quantity in words", "INVALID_REQUEST", c -> c.put("quantity", "many")),
                campaign("negative coupons for a person", "INVALID_REQUEST", c -> c.put("maxCouponsPerBuyer", -1)),
                campaign("a window that ends before it starts", "INVALID_WINDOW", c -> {
                    c.put("opensAt", "2098-01-02T00:00:00Z");
                    c.put("closesAt", "2098-01-01T00:00:00Z");
                }),
                campaign("a window of the past", "INVALID_WINDOW", c -> c.put("closesAt", "2026-01-02T00:00:00Z")),
                campaign("no discount", "INVALID_REQUEST", c -> c.remove("discount")),
                campaign("an empty discount", "INVALID_REQUEST", c -> c.put("discount", Map.of())),
                campaign("a negative discount", "INVALID_REQUEST", c -> c.put("discount", Map.of("percentOff", -5))),
                campaign(
                        "a discount of more than 100 %",
                        "INVALID_REQUEST", c -> c.put("discount", Map.of("percentOff", 101))),
                campaign(
                        "two discounts",
                        "INVALID_REQUEST",
                        c -> c.put("discount", Map.of("percentOff", 5, "amountOff", Sales.euro(5)))),
                refused(
                        "a coupon without a key",
                        400,
                        "IDEMPOTENCY_KEY_MISSING",
                        onsale.post("/api/campaigns/" + campaign + "/coupons").as(bob().token())));
    }

    @TestFactory
    Stream<DynamicTest> keys_used_again_with_other_content() throws Exception {
        String key = UUID.randomUUID().toString();
        onsale.post("/api/performances")
                .json(Sales.performance())
                .as(operator)
                .key(key)
                .send()
                .require(201);
        onsale.post("/api/campaigns")
                .json(Sales.campaign(5))
                .as(operator)
                .key(key)
                .send()
                .require(201);
        Map<String, Object> other = Sales.performance();
        other.put("title", "Another evening");
        return Stream.of(
                refused(
                        "for another performance",
                        422,
                        "IDEMPOTENCY_KEY_REUSED",
                        onsale.post("/api/performances")
                                .json(other)
                                .as(operator)
                                .key(key)),
                refused(
                        "for another campaign",
                        422,
                        "IDEMPOTENCY_KEY_REUSED",
                        onsale.post("/api/campaigns")
                                .json(Sales.campaign(6))
                                .as(operator)
                                .key(key)));
    }

    private DynamicTest refused(String name, int status, String code, Request request) {
        return DynamicTest.dynamicTest(name, () -> {
            long before = onsale.log().head();
            Answer answer = request.send();
            answer.requireProblem(status, code);
            List<Event> written = onsale.log().after(before);
            assertThat(written).as("nothing was written").isEmpty();
        });
    }

    private DynamicTest body(String name, int status, String body) {
        return refused(
                name,
                status,
                "INVALID_REQUEST",
                hold().body("application/json", body).as(bob().token()).key("k"));
    }

    private DynamicTest payment(String name, String code, @Nullable String key, String body) {
        Request request = onsale.post("/api/reservations/" + reservation + "/payments")
                .as(alice().token())
                .body("application/json", body);
        return refused(name, 400, code, key == null ? request : request.key(key));
    }

    private DynamicTest performance(String name, String code, Consumer<Map<String, Object>> change) {
        return refused(name, 400, code, schedule(change).as(operator));
    }

    private DynamicTest campaign(String name, String code, Consumer<Map<String, Object>> change) {
        return refused(name, 400, code, launch(change).as(operator));
    }

    private DynamicTest plan(String name, Consumer<Map<String, Object>> change) {
        Map<String, Object> plan = Sales.plan();
        change.accept(plan);
        return performance(name, "INVALID_SEATING_PLAN", p -> p.put("seatingPlan", plan));
    }

    private DynamicTest seats(String name, Map<String, Object> row) {
        return plan(name, plan -> plan.put("zones", List.of(Map.of("name", "Zone", "rows", List.of(row)))));
    }

    private static Map<String, Object> row(Object... seats) {
        return Map.of("row_number", "1", "seats", Arrays.asList(seats));
    }

    private Request schedule(Consumer<Map<String, Object>> change) {
        Map<String, Object> content = Sales.performance();
        change.accept(content);
        return onsale.post("/api/performances")
                .json(content)
                .key(UUID.randomUUID().toString());
    }

    private Request launch(Consumer<Map<String, Object>> change) {
        Map<String, Object> content = Sales.campaign(10);
        change.accept(content);
        return onsale.post("/api/campaigns").json(content).key(UUID.randomUUID().toString());
    }

    private Request hold() {
        return onsale.post("/api/performances/" + performance + "/reservations");
    }

    private Request holdBody(String... seats) {
        return hold().json(Map.of("seats", seats));
    }

    private Request good(String... seats) {
        return holdBody(seats).as(bob().token()).key(UUID.randomUUID().toString());
    }

    private Request pay(String id) {
        return onsale.post("/api/reservations/" + id + "/payments")
                .json(Map.of("method", Map.of("type", "card", "token", Person.GOOD_CARD)))
                .key("pay");
    }

    private Person alice() {
        return java.util.Objects.requireNonNull(alice);
    }

    private Person bob() {
        return java.util.Objects.requireNonNull(bob);
    }
}
