package dev.onsale.proof.sealing;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Texts;
import dev.onsale.platform.supervision.TaskThreads;
import dev.onsale.proof.export.ExportLine;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

@RestController
@Tag(name = "Audit")
class SealController {

    private static final int SEALS_MAX = 1_000;
    private static final int SALE_KEY_LENGTH_MAX = 190;
    private static final int EXPORTS_AT_ONCE_MAX = 4;

    /** A download is cancelled when its client reads nothing for this long. */
    private static final Duration READER_PATIENCE = Duration.ofMinutes(1);

    private final SealStore store;
    private final SaleExport export;
    private final Semaphore exports = new Semaphore(EXPORTS_AT_ONCE_MAX);
    private final Executor writers = TaskThreads.perTask("export-");

    SealController(SealStore store, SaleExport export) {
        this.store = store;
        this.export = export;
    }

    /**
     * The newest seal and the keys that may have signed it.
     *
     * @param seal absent while nothing is sealed
     * @param keys public JSON Web Keys
     */
    record Head(
            @JsonInclude(JsonInclude.Include.ALWAYS) ExportLine.@org.jspecify.annotations.Nullable Sealed seal,
            List<String> keys) {}

    @GetMapping("/api/seals/head")
    @Operation(
            summary = "The newest seal, which proves later that nothing before it was changed",
            description = "Open to everybody. Compare with ./onsale verify FILE --anchor NUMBER:SEAL.")
    Head head() {
        return new Head(store.head().map(SealController::line).orElse(null), store.keys());
    }

    @GetMapping("/api/seals")
    @Operation(summary = "Seals in order; continue with after=<number of the last>")
    List<ExportLine.Sealed> seals(
            @RequestParam(defaultValue = "0") long after, @RequestParam(defaultValue = "100") int limit) {
        if (after < 0 || limit < 1 || limit > SEALS_MAX) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "after is 0 or more, limit is 1 to " + SEALS_MAX);
        }
        return store.after(after, limit).stream().map(SealController::line).toList();
    }

    private static ExportLine.Sealed line(StoredSeal stored) {
        return ExportLine.Sealed.of(stored.seal(), stored.digest(), stored.keyId(), stored.signature());
    }

    @GetMapping("/api/audit/sales/{saleKey}/export")
    @Operation(
            summary = "The sealed log of one sale with its proof, as compressed JSON Lines",
            description = "Check it with ./onsale verify FILE, offline.")
    @ApiResponse(
            responseCode = "200",
            content = @Content(mediaType = "application/gzip", schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<Flux<DataBuffer>> export(@PathVariable String saleKey) {
        if (!Texts.isText(saleKey, SALE_KEY_LENGTH_MAX)) {
            throw new RefusedException(
                    RefusalCode.INVALID_REQUEST, "A sale has 1 to " + SALE_KEY_LENGTH_MAX + " characters");
        }
        if (!exports.tryAcquire()) {
            throw new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE, EXPORTS_AT_ONCE_MAX + " exports are under way");
        }
        AtomicBoolean returned = new AtomicBoolean();
        Runnable giveBack = () -> {
            if (returned.compareAndSet(false, true)) {
                exports.release();
            }
        };
        try {
            SaleExport.Extent extent = export.extent(saleKey);
            Flux<DataBuffer> content = Flux.from(DataBufferUtils.outputStreamPublisher(
                            out -> export.write(extent, out), DefaultDataBufferFactory.sharedInstance, writers))
                    .timeout(READER_PATIENCE)
                    .doFinally(signal -> giveBack.run());
            return ResponseEntity.ok()
                    .contentType(MediaType.parseMediaType("application/gzip"))
                    .header(
                            HttpHeaders.CONTENT_DISPOSITION,
                            ContentDisposition.attachment()
                                    .filename("onsale-" + saleKey.replaceAll("[^A-Za-z0-9._-]", "_") + ".jsonl.gz")
                                    .build()
                                    .toString())
                    .body(content);
        } catch (RuntimeException failure) {
            giveBack.run();
            throw failure;
        }
    }
}
