package dev.onsale.platform.http;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.failure.Causes;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;

/** The one place where an exception becomes an answer, so that every side says "no" in the same form. */
@RestControllerAdvice
class ProblemHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final String RETRY_AFTER_SECONDS = "1";

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(RefusedException refused) {
        ProblemDetail problem = Problems.of(refused.code(), refused.detail());
        if (!refused.faults().isEmpty()) {
            problem.setProperty("errors", refused.faults());
            problem.setProperty("errorCount", refused.faultCount());
        }
        Duration retryAfter = refused.retryAfter();
        return retryAfter == null
                ? answer(problem)
                : ResponseEntity.status(problem.getStatus())
                        .header(HttpHeaders.RETRY_AFTER, Long.toString(fullSeconds(retryAfter)))
                        .body(problem);
    }

    /** Rounded up: a retry after this time must not be too early, and 0 would cause retries without pause. */
    private static long fullSeconds(Duration time) {
        return Math.max(1, Math.ceilDiv(time.toMillis(), 1_000));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(InvalidValueException invalid) {
        return answer(Problems.of(RefusalCode.INVALID_REQUEST, String.valueOf(invalid.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(ServerWebInputException unreadable) {
        if (Causes.find(unreadable, DataBufferLimitException.class) != null) {
            return tooLarge();
        }
        RefusedException refused = Causes.find(unreadable, RefusedException.class);
        if (refused != null) {
            return refused(refused);
        }
        InvalidValueException invalid = Causes.find(unreadable, InvalidValueException.class);
        String detail = invalid != null
                ? String.valueOf(invalid.getMessage())
                : Causes.find(unreadable, DecodingException.class) != null
                        ? "The body is not the JSON that this endpoint takes" + where(unreadable)
                        : String.valueOf(unreadable.getReason());
        return answer(Problems.of(RefusalCode.INVALID_REQUEST, detail));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooLarge(DataBufferLimitException tooLarge) {
        return tooLarge();
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> denied(AccessDeniedException denied) {
        return answer(Problems.of(RefusalCode.FORBIDDEN, "The bearer token does not allow this"));
    }

    /** Whatever Spring itself refuses keeps its status; it gets the same form and a code made of the status. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> status(ResponseStatusException exception) {
        if (exception.getStatusCode().value() == HttpStatus.CONTENT_TOO_LARGE.value()) {
            return tooLarge();
        }
        ProblemDetail problem = Problems.ofStatus(exception.getStatusCode(), reason(exception.getStatusCode()));
        HttpHeaders allowed = new HttpHeaders();
        // Allow of a 405, Accept of a 415: what the client may do instead.
        allowed.putAll(exception.getHeaders());
        return ResponseEntity.status(problem.getStatus())
                .headers(allowed)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    @ExceptionHandler
    Mono<ResponseEntity<ProblemDetail>> wrapped(CompletionException wrapped, ServerWebExchange exchange) {
        return unwrapped(wrapped, exchange);
    }

    @ExceptionHandler
    Mono<ResponseEntity<ProblemDetail>> wrapped(ExecutionException wrapped, ServerWebExchange exchange) {
        return unwrapped(wrapped, exchange);
    }

    @ExceptionHandler
    Mono<ResponseEntity<ProblemDetail>> failed(Exception failure, ServerWebExchange exchange) {
        // Nobody is there to hear it, or half of another answer is under way: the filters and the server end the
        // connection.
        return exchange.getResponse().isCommitted() || ClientDisconnects.isDisconnect(failure)
                ? Mono.error(failure)
                : Mono.just(failed(failure, exchange.getRequest()));
    }

    private static ResponseEntity<ProblemDetail> failed(Exception failure, ServerHttpRequest request) {
        if (isDatabaseAway(failure)) {
            log.warn("The database is away: {}", failure.toString());
            return answer(Problems.of(
                    RefusalCode.TEMPORARILY_UNAVAILABLE, "The database is away for a moment; try again shortly"));
        }
        // The caller learns nothing of the inside; the log has it all.
        log.error("A request failed", failure);
        return answer(Problems.ofStatus(
                HttpStatus.INTERNAL_SERVER_ERROR,
                request.getHeaders().containsHeader(IdempotencyKey.HEADER)
                        ? "Something broke on our side; repeat with the same key"
                        : "Something broke on our side; try again shortly"));
    }

    /** Spring's own reasons name Java types and whole addresses; the caller needs neither. */
    private static String reason(HttpStatusCode status) {
        return switch (status.value()) {
            case 404 -> "There is nothing at this path";
            case 405 -> "This path does not take this method";
            case 406 -> "This endpoint answers with application/json";
            case 415 -> "This endpoint takes application/json";
            default -> "The request was refused";
        };
    }

    private static boolean isDatabaseAway(Throwable failure) {
        SQLException sql = Causes.find(failure, SQLException.class);
        return sql != null
                && (sql instanceof SQLTransientException
                        || sql.getSQLState() == null
                        || sql.getSQLState().startsWith("08"));
    }

    private Mono<ResponseEntity<ProblemDetail>> unwrapped(Exception wrapped, ServerWebExchange exchange) {
        if (wrapped.getCause() instanceof RefusedException refused) {
            return Mono.just(refused(refused));
        }
        if (wrapped.getCause() instanceof InvalidValueException invalid) {
            return Mono.just(invalid(invalid));
        }
        return failed(wrapped, exchange);
    }

    private static ResponseEntity<ProblemDetail> tooLarge() {
        return answer(Problems.ofStatus(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than this endpoint takes"));
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(problem.getStatus());
        if (problem.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
            answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        // Said here, or a client of an event stream would get it as an event.
        return answer.contentType(MediaType.APPLICATION_PROBLEM_JSON).body(problem);
    }

    /** The path of the JSON property that could not be read, as Jackson names it; never the value itself. */
    private static String where(Throwable unreadable) {
        tools.jackson.core.JacksonException json = Causes.find(unreadable, tools.jackson.core.JacksonException.class);
        if (json instanceof tools.jackson.databind.DatabindException databind
                && !databind.getPath().isEmpty()) {
            return ", at " + databind.getPathReference().replaceAll("[A-Za-z0-9_.$]+\\[", "[");
        }
        return "";
    }
}
