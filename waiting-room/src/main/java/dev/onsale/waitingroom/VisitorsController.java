package dev.onsale.waitingroom;

import dev.onsale.api.BuyerId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The queue over HTTP. Joining needs no idempotency key: a repeat keeps the place by itself. */
@RestController
@Tag(name = "Waiting room")
@RequestMapping("/api/waiting-rooms/{saleId}/visitors")
class VisitorsController {

    private final Visitors visitors;

    VisitorsController(Visitors visitors) {
        this.visitors = visitors;
    }

    @Operation(
            summary = "Join the queue; joining again keeps the place",
            description =
                    "404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE if the room is full or cannot be reached.")
    @PostMapping
    Mono<ResponseEntity<VisitorAnswer>> join(@PathVariable String saleId, BuyerId buyer) {
        return visitors.join(SaleId.of(saleId), buyer).map(answer -> answer(HttpStatus.ACCEPTED, answer));
    }

    @Operation(
            summary = "The caller's place; once admitted, with the admission token",
            description =
                    "Ask again after pollAfterSeconds. 404 WAITING_ROOM_NOT_FOUND, VISITOR_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @GetMapping("/me")
    Mono<ResponseEntity<VisitorAnswer>> poll(@PathVariable String saleId, BuyerId buyer) {
        return visitors.poll(SaleId.of(saleId), buyer).map(answer -> answer(HttpStatus.OK, answer));
    }

    @Operation(
            summary = "Leave the queue and give the place up",
            description = "404 WAITING_ROOM_NOT_FOUND; 503 TEMPORARILY_UNAVAILABLE.")
    @DeleteMapping("/me")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> leave(@PathVariable String saleId, BuyerId buyer) {
        return visitors.leave(SaleId.of(saleId), buyer);
    }

    private static ResponseEntity<VisitorAnswer> answer(HttpStatus status, VisitorAnswer answer) {
        return ResponseEntity.status(status)
                .header(HttpHeaders.RETRY_AFTER, Integer.toString(answer.pollAfterSeconds()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(answer);
    }
}
