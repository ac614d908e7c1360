package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.view.LabelledSeatMapView;
import dev.onsale.api.view.SeatMapView;
import dev.onsale.api.view.SeatState;
import dev.onsale.platform.http.PositionHeaders;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

@RestController
@Tag(name = "Performances")
class SeatMapController {

    /** As {@code server.compression.min-response-size} of the product. */
    private static final int COMPRESSED_BYTES_MIN = 8 * 1024;

    private final SeatMaps seatMaps;
    private final SeatMapAnswers answers;
    private final SeatMapStream stream;

    SeatMapController(SeatMaps seatMaps, SeatMapAnswers answers, SeatMapStream stream) {
        this.seatMaps = seatMaps;
        this.answers = answers;
        this.stream = stream;
    }

    @GetMapping("/api/performances/{performanceId}/seat-map")
    @Operation(
            summary = "State of every seat, one letter per seat in the order of the seating plan; 304 if unchanged",
            description = "labels=true gives a state by seat label instead, for people.")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(oneOf = {SeatMapView.class, LabelledSeatMapView.class})))
    ResponseEntity<Object> seatMap(
            @PathVariable PerformanceId performanceId,
            @RequestParam(defaultValue = "false") boolean labels,
            ServerWebExchange exchange) {
        boolean afterWriting = exchange.getRequest().getHeaders().containsHeader(PositionHeaders.READ_AFTER);
        if (labels) {
            SeatMap map = afterWriting ? seatMaps.committed(performanceId) : seatMaps.of(performanceId);
            return answer(exchange, map.edition(), () -> labelled(performanceId, map));
        }
        SeatMapAnswers.Answer answer = afterWriting ? answers.committed(performanceId) : answers.of(performanceId);
        return answer(exchange, answer.edition(), () -> encoded(exchange, answer));
    }

    /** Compressed here, once for each edition. The server would do it for each answer. */
    private static byte[] encoded(ServerWebExchange exchange, SeatMapAnswers.Answer answer) {
        if (answer.json().length < COMPRESSED_BYTES_MIN) {
            return answer.json();
        }
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (!acceptsGzip(exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.ACCEPT_ENCODING))) {
            return answer.json();
        }
        headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
        return answer.gzip();
    }

    private static boolean acceptsGzip(List<String> accepted) {
        return accepted.stream()
                .flatMap(values -> Arrays.stream(values.split(",")))
                .map(value -> value.replace(" ", "").toLowerCase(Locale.ROOT))
                .anyMatch(value ->
                        value.equals("gzip") || (value.startsWith("gzip;q=") && !value.matches(".*=0(\\.0*)?")));
    }

    private static ResponseEntity<Object> answer(
            ServerWebExchange exchange, SeatMapVersion edition, Supplier<Object> body) {
        String eTag = edition.eTag();
        if (exchange.checkNotModified(eTag)) {
            return ResponseEntity.status(HttpStatus.NOT_MODIFIED).eTag(eTag).build();
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .eTag(eTag)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body.get());
    }

    @GetMapping(
            path = "/api/performances/{performanceId}/seat-map/stream",
            produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            summary = "The seat map and its changes, as server-sent events",
            description =
                    "First seat-map, the whole map as above; then seats, the letters of changed seats by their place in the"
                            + " plan, or seat-map again if much has changed. At most one update every 200 ms. The id is the ETag;"
                            + " with Last-Event-ID a viewer that missed nothing gets no whole map.")
    Flux<ServerSentEvent<String>> stream(
            @PathVariable PerformanceId performanceId,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            ServerHttpResponse response) {
        // A proxy that collects the events before it hands them on would show an old map.
        response.getHeaders().set("X-Accel-Buffering", "no");
        response.getHeaders().setCacheControl(CacheControl.noCache());
        return stream.of(performanceId, lastEventId);
    }

    private LabelledSeatMapView labelled(PerformanceId performanceId, SeatMap map) {
        List<SeatLabel> seats = seatMaps.hall(performanceId).seats();
        Map<String, SeatState> states = LinkedHashMap.newLinkedHashMap(seats.size());
        for (int index = 0; index < seats.size(); index++) {
            states.put(seats.get(index).toString(), map.state(index));
        }
        return new LabelledSeatMapView(performanceId, map.edition().version(), map.counts(), states);
    }
}
