package dev.onsale.waitingroom;

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
@RequestMapping("/api/admin/waiting-rooms/{saleId}")
class RoomsController {

    private final Rooms rooms;

    RoomsController(Rooms rooms) {
        this.rooms = rooms;
    }

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

    @GetMapping
    Mono<RoomStatus> status(@PathVariable String saleId) {
        return rooms.status(SaleId.of(saleId));
    }

    @PostMapping("/pause")
    Mono<RoomStatus> pause(@PathVariable String saleId) {
        return rooms.setState(SaleId.of(saleId), RoomStatus.State.PAUSED);
    }

    @PostMapping("/resume")
    Mono<RoomStatus> resume(@PathVariable String saleId) {
        return rooms.setState(SaleId.of(saleId), RoomStatus.State.OPEN);
    }
}
