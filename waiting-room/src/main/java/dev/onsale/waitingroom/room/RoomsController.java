package dev.onsale.waitingroom.room;

import dev.onsale.waitingroom.key.SaleId;
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
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Rooms for operators. Each request sets a state and may be repeated. */
@RestController
@Tag(name = "Waiting room")
@RequestMapping("/api/admin/waiting-rooms")
class RoomsController {

    private final Rooms rooms;

    RoomsController(Rooms rooms) {
        this.rooms = rooms;
    }

    record SaleIds(List<String> saleIds) {}

    @Operation(
            summary = "List the sales that have a waiting room",
            description = "Operators only. 503 TEMPORARILY_UNAVAILABLE.")
    @GetMapping
    Mono<SaleIds> all() {
        return rooms.all().map(SaleIds::new);
    }

    @Operation(
            summary = "Open a waiting room, or change its settings",
            description = "Operators only. Absent settings get their defaults. 400 INVALID_REQUEST; 503"
                    + " TEMPORARILY_UNAVAILABLE, also if the maximum number of rooms is reached.")
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
            summary = "Get the state of a waiting room: visitors, rates and refusals",
            description = "Operators only. 404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @GetMapping("/{saleId}")
    Mono<RoomStatus> status(@PathVariable String saleId) {
        return rooms.status(SaleId.of(saleId));
    }

    @Operation(
            summary = "Delete a waiting room; its journal is kept",
            description = "Operators only. 404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @DeleteMapping("/{saleId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> delete(@PathVariable String saleId) {
        return rooms.delete(SaleId.of(saleId));
    }

    @Operation(
            summary = "Pause admission; visitors keep their places",
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
            summary = "Close the queue for new visitors and admit the waiting ones",
            description = "Operators only. 404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @PostMapping("/{saleId}/drain")
    Mono<RoomStatus> drain(@PathVariable String saleId) {
        return rooms.setControl(SaleId.of(saleId), RoomStatus.Control.DRAINING);
    }
}
