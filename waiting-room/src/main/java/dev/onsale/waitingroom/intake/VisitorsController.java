package dev.onsale.waitingroom.intake;

import dev.onsale.api.BuyerId;
import dev.onsale.platform.http.ClientAddress;
import dev.onsale.waitingroom.challenge.Challenge;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.draw.OpeningDraw;
import dev.onsale.waitingroom.draw.PublishedDraws;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.queue.VisitorService;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStateCache;
import dev.onsale.waitingroom.room.RoomStatus;
import dev.onsale.waitingroom.room.Rooms;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The queue for visitors. A join is idempotent, so it needs no idempotency key. */
@RestController
@Tag(name = "Waiting room")
@RequestMapping("/api/waiting-rooms/{saleId}")
class VisitorsController {

    private final VisitorService visitors;
    private final Intake intake;
    private final Rooms rooms;
    private final RoomStateCache watch;
    private final PublishedDraws draws;
    private final Challenges challenges;
    private final AddressDigest addresses;
    private final ClientAddress clients;

    VisitorsController(
            VisitorService visitors,
            Intake intake,
            Rooms rooms,
            RoomStateCache watch,
            PublishedDraws draws,
            Challenges challenges,
            AddressDigest addresses,
            ClientAddress clients) {
        this.visitors = visitors;
        this.intake = intake;
        this.rooms = rooms;
        this.watch = watch;
        this.draws = draws;
        this.challenges = challenges;
        this.addresses = addresses;
        this.clients = clients;
    }

    /**
     * @param altcha solution by the ALTCHA widget, if the room requires one
     */
    record JoinRequest(@Nullable String altcha) {}

    /**
     * Public state of a room.
     *
     * @param commitment SHA-256 of the seed of the opening draw
     * @param seed the seed, once the order is drawn
     */
    record PublicRoom(
            String saleId,
            RoomStatus.Phase phase,
            long totalWaiting,
            double peoplePerMinute,
            @Nullable Instant preQueueOpensAt,
            @Nullable Instant opensAt,
            @Nullable Instant closesAt,
            int proofOfWork,
            String commitment,
            @Nullable String seed) {}

    @Operation(
            summary = "Join the queue. A repeated join keeps the place",
            description = "403 PROOF_OF_WORK_REQUIRED; 404 WAITING_ROOM_NOT_FOUND; 409 SALE_NOT_OPEN, SALE_CLOSED; 429"
                    + " RATE_LIMITED; 503 WAITING_ROOM_FULL, TEMPORARILY_UNAVAILABLE if the room is being restored or"
                    + " cannot be reached.")
    @PostMapping("/visitors")
    Mono<ResponseEntity<VisitorAnswer>> join(
            @PathVariable String saleId,
            BuyerId buyer,
            @RequestBody(required = false) @Nullable JoinRequest request,
            ServerHttpRequest http) {
        SaleId sale = SaleId.of(saleId);
        String answer = request == null ? null : request.altcha();
        JoinOrigin caller = new JoinOrigin(
                addresses.digest(sale, clients.of(http)),
                answer == null ? null : challenges.verify(sale.value(), answer),
                answer);
        return intake.join(sale, buyer, caller).map(place -> answer(HttpStatus.ACCEPTED, place));
    }

    @Operation(
            summary = "Get the caller's position and, once admitted, the admission token",
            description = "Poll again after pollAfterMillis. Send the ticket of the join, if it had one. 404"
                    + " WAITING_ROOM_NOT_FOUND, VISITOR_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @GetMapping("/visitors/me")
    Mono<ResponseEntity<VisitorAnswer>> poll(
            @PathVariable String saleId, BuyerId buyer, @RequestParam(required = false) @Nullable String ticket) {
        SaleId sale = SaleId.of(saleId);
        return (ticket == null ? visitors.poll(sale, buyer) : intake.poll(sale, buyer, ticket))
                .map(place -> answer(HttpStatus.OK, place));
    }

    @Operation(summary = "Leave the queue", description = "404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @DeleteMapping("/visitors/me")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> leave(@PathVariable String saleId, BuyerId buyer) {
        return visitors.leave(SaleId.of(saleId), buyer);
    }

    @Operation(
            summary = "Get the public state of a waiting room, with the commitment to the order",
            description = "404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @GetMapping
    Mono<PublicRoom> room(@PathVariable String saleId) {
        SaleId sale = SaleId.of(saleId);
        return rooms.definition(sale).flatMap(room -> watch.recentOrNow(sale).map(sight -> {
            RoomSettings settings = room.settings();
            boolean drawn = settings.opensAt() != null && sight.phase() == RoomStatus.Phase.OPEN;
            return new PublicRoom(
                    sale.value(),
                    sight.phase(),
                    sight.waiting(),
                    Math.round(sight.pace().perSecond() * 600) / 10.0,
                    settings.preQueueOpensAt(),
                    settings.opensAt(),
                    settings.closesAt(),
                    RoomSettings.set(settings.proofOfWork()),
                    room.commitment(),
                    drawn ? room.seed() : null);
        }));
    }

    @Operation(
            summary = "Get the opening draw: the seed and the visitors in order",
            description = "404 WAITING_ROOM_NOT_FOUND; 409 SALE_NOT_OPEN before the draw; 503 TEMPORARILY_UNAVAILABLE.")
    @GetMapping("/shuffle")
    Mono<OpeningDraw.Draw> shuffle(@PathVariable String saleId) {
        return draws.of(SaleId.of(saleId));
    }

    @Operation(
            summary = "Get a challenge for the ALTCHA widget, to solve before a join",
            description = "404 WAITING_ROOM_NOT_FOUND. maxnumber is 0 if the room requires none.")
    @GetMapping("/challenge")
    Mono<Challenge> challenge(@PathVariable String saleId) {
        SaleId sale = SaleId.of(saleId);
        return rooms.definition(sale)
                .map(room -> challenges.create(
                        sale.value(), RoomSettings.set(room.settings().proofOfWork())));
    }

    private static ResponseEntity<VisitorAnswer> answer(HttpStatus status, VisitorAnswer answer) {
        ResponseEntity.BodyBuilder with = ResponseEntity.status(status).header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (answer.pollAfterMillis() > 0) {
            with.header(HttpHeaders.RETRY_AFTER, Long.toString(answer.pollAfterSeconds()));
        }
        return with.body(answer);
    }
}
