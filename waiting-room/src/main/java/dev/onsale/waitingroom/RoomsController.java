package dev.onsale.waitingroom;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The operator's view. Every order may be repeated: it says how the room shall be, not what to change. */
@RestController
@Tag(name = "Waiting room")
@RequestMapping("/api/admin/waiting-rooms/{saleId}")
class RoomsController {

    private final Rooms rooms;

    RoomsController(Rooms rooms) {
        this.rooms = rooms;
    }

    @Operation(
            summary = "Open a waiting room, or change its settings",
            description = "Operators only. 400 INVALID_REQUEST; 503 TEMPORARILY_UNAVAILABLE.")
    @PostMapping
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
            summary = "How many wait and how many are inside",
            description = "Operators only. 404 WAITING_ROOM_NOT_FOUND.")
    @GetMapping
    Mono<RoomStatus> status(@PathVariable String saleId) {
        return rooms.status(SaleId.of(saleId));
    }

    @Operation(
            summary = "Admit nobody for now; places are kept",
            description = "Operators only. 404 WAITING_ROOM_NOT_FOUND.")
    @PostMapping("/pause")
    Mono<RoomStatus> pause(@PathVariable String saleId) {
        return rooms.setState(SaleId.of(saleId), RoomStatus.State.PAUSED);
    }

    @Operation(summary = "Admit again", description = "Operators only. 404 WAITING_ROOM_NOT_FOUND.")
    @PostMapping("/resume")
    Mono<RoomStatus> resume(@PathVariable String saleId) {
        return rooms.setState(SaleId.of(saleId), RoomStatus.State.OPEN);
    }
}
