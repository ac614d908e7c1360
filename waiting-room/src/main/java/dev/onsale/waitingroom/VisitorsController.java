package dev.onsale.waitingroom;

import dev.onsale.api.BuyerId;
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
@RequestMapping("/api/waiting-rooms/{saleId}/visitors")
class VisitorsController {

    private final Visitors visitors;

    VisitorsController(Visitors visitors) {
        this.visitors = visitors;
    }

    @PostMapping
    Mono<ResponseEntity<VisitorAnswer>> join(@PathVariable String saleId, BuyerId buyer) {
        return visitors.join(SaleId.of(saleId), buyer).map(answer -> answer(HttpStatus.ACCEPTED, answer));
    }

    @GetMapping("/me")
    Mono<ResponseEntity<VisitorAnswer>> poll(@PathVariable String saleId, BuyerId buyer) {
        return visitors.poll(SaleId.of(saleId), buyer).map(answer -> answer(HttpStatus.OK, answer));
    }

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
