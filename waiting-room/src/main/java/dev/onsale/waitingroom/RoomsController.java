package dev.onsale.waitingroom;

import dev.onsale.api.InvalidValueException;
import dev.onsale.waitingroom.journal.Journal;
import dev.onsale.waitingroom.journal.JournalEntry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
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

/** The operator's view. Every order may be repeated: it says how the room shall be, not what to change. */
@RestController
@Tag(name = "Waiting room")
@RequestMapping("/api/admin/waiting-rooms")
class RoomsController {

    private static final int PAGE_MAX = 10_000;

    private final Rooms rooms;
    private final Journal journal;
    private final Receipts receipts;

    RoomsController(Rooms rooms, Journal journal, Receipts receipts) {
        this.rooms = rooms;
        this.journal = journal;
        this.receipts = receipts;
    }

    record SaleIds(List<String> saleIds) {}

    /**
     * @param next what to ask for as {@code after}, absent at the end
     */
    record JournalPage(List<JournalEntry> entries, @Nullable String next) {}

    @Operation(
            summary = "The sales that have a waiting room",
            description = "Operators only. 503 TEMPORARILY_UNAVAILABLE.")
    @GetMapping
    Mono<SaleIds> all() {
        return rooms.all().map(SaleIds::new);
    }

    @Operation(
            summary = "Open a waiting room, or change its settings",
            description = "Operators only. What is left out gets its default. 400 INVALID_REQUEST; 503"
                    + " TEMPORARILY_UNAVAILABLE, also if there are too many rooms.")
    @PostMapping("/{saleId}")
    Mono<ResponseEntity<RoomStatus>> open(
            @PathVariable String saleId, @RequestBody(required = false) @Nullable RoomSettings settings) {
        SaleId sale = SaleId.of(saleId);
        return rooms.open(sale, settings == null ? RoomSettings.defaults() : settings)
                .flatMap(opened -> rooms.status(sale)
                        .map(status -> opened
                                ? ResponseEntity.created(URI.create("/api/admin/waiting-rooms/" + sale))
                                        .body(status)
                                : ResponseEntity.ok(status)));
    }

    @Operation(
            summary = "State of a waiting room: visitors, rates and refusals",
            description = "Operators only. 404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @GetMapping("/{saleId}")
    Mono<RoomStatus> status(@PathVariable String saleId) {
        return rooms.status(SaleId.of(saleId));
    }

    @Operation(
            summary = "End a waiting room; its journal stays",
            description = "Operators only. 404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @DeleteMapping("/{saleId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> delete(@PathVariable String saleId) {
        return rooms.delete(SaleId.of(saleId));
    }

    @Operation(
            summary = "Pause admission; places are kept",
            description = "Operators only. 404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @PostMapping("/{saleId}/pause")
    Mono<RoomStatus> pause(@PathVariable String saleId) {
        return rooms.setControl(SaleId.of(saleId), RoomStatus.Control.PAUSED);
    }

    @Operation(
            summary = "Resume admission and joins",
            description = "Operators only. 404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @PostMapping("/{saleId}/resume")
    Mono<RoomStatus> resume(@PathVariable String saleId) {
        return rooms.setControl(SaleId.of(saleId), RoomStatus.Control.OPEN);
    }

    @Operation(
            summary = "Take no new visitors and admit those who wait",
            description = "Operators only. 404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @PostMapping("/{saleId}/drain")
    Mono<RoomStatus> drain(@PathVariable String saleId) {
        return rooms.setControl(SaleId.of(saleId), RoomStatus.Control.DRAINING);
    }

    @Operation(
            summary = "Journal of a waiting room",
            description = "Operators only. Begin without after, go on with next. 400 INVALID_REQUEST; 503"
                    + " TEMPORARILY_UNAVAILABLE.")
    @GetMapping("/{saleId}/journal")
    JournalPage journal(
            @PathVariable String saleId,
            @RequestParam(defaultValue = "0-0") String after,
            @RequestParam(defaultValue = "1000") int limit) {
        if (limit < 1 || limit > PAGE_MAX) {
            throw new InvalidValueException("limit is 1 to " + PAGE_MAX);
        }
        int dash = after.indexOf('-');
        try {
            List<JournalEntry> entries = journal.page(
                    SaleId.of(saleId).value(),
                    Long.parseLong(after.substring(0, Math.max(0, dash))),
                    Long.parseLong(after.substring(dash + 1)),
                    limit);
            return new JournalPage(
                    entries,
                    entries.size() < limit
                            ? null
                            : entries.getLast().millis() + "-"
                                    + entries.getLast().sequence());
        } catch (NumberFormatException e) {
            throw new InvalidValueException("after is what the page before had as next");
        }
    }

    @Operation(
            summary = "Signed receipt of one visitor",
            description = "Operators only. 404 VISITOR_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @GetMapping("/{saleId}/visitors/{buyerId}/receipt")
    Receipts.Receipt receipt(@PathVariable String saleId, @PathVariable String buyerId) {
        return receipts.of(SaleId.of(saleId), dev.onsale.api.BuyerId.of(buyerId).value());
    }
}
