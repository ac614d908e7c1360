package dev.onsale.proof.sealing;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Texts;
import dev.onsale.platform.supervision.TaskThreads;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.MerkleTree;
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
import org.jspecify.annotations.Nullable;
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
    private static final int ANCHORS_MAX = 200;

    /** A download is cancelled when its client reads nothing for this long. */
    private static final Duration READER_PATIENCE = Duration.ofMinutes(1);

    private final SealStore store;
    private final TreeStore trees;
    private final SaleExport export;
    private final Semaphore exports = new Semaphore(EXPORTS_AT_ONCE_MAX);
    private final Executor writers = TaskThreads.perTask("export-");

    SealController(SealStore store, TreeStore trees, SaleExport export) {
        this.store = store;
        this.trees = trees;
        this.export = export;
    }

    /**
     * The newest seal and the keys that may have signed it.
     *
     * @param seal absent while nothing is sealed
     * @param keys public JSON Web Keys
     */
    record Head(@JsonInclude(JsonInclude.Include.ALWAYS) ExportLine.@Nullable Sealed seal, List<String> keys) {}

    @GetMapping("/api/seals/head")
    @Operation(
            summary = "The newest seal, which proves later that nothing before it was changed",
            description = "Open to everybody. Compare with ./onsale verify FILE --anchor NUMBER:SEAL.")
    Head head() {
        return head(store);
    }

    static Head head(SealStore store) {
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

    /**
     * Proof that the log up to the second seal continues the log up to the first.
     *
     * @param inclusion path of the first seal in the tree of the second
     * @param consistency proof between the trees of both; empty if the first seal has no tree
     */
    record Consistency(
            ExportLine.Sealed first, ExportLine.Sealed second, List<String> inclusion, List<String> consistency) {}

    @GetMapping("/api/seals/consistency")
    @Operation(
            summary = "Proof that one seal continues another, as in RFC 9162",
            description = "Open to everybody. first is less than second. 404 SEAL_NOT_FOUND.")
    Consistency consistency(@RequestParam long first, @RequestParam long second) {
        if (first < 1 || first >= second) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "first is 1 or more and less than second");
        }
        StoredSeal older = seal(first);
        StoredSeal newer = seal(second);
        if (newer.seal().tree() == null) {
            throw new RefusedException(RefusalCode.SEAL_NOT_FOUND, "Seal " + second + " has no tree: it is older");
        }
        MerkleTree tree = trees.seals(second - 1);
        return new Consistency(
                line(older),
                line(newer),
                hex(tree.inclusion(first - 1)),
                older.seal().tree() == null ? List.of() : hex(tree.consistency(first - 1)));
    }

    private StoredSeal seal(long number) {
        return store.seal(number)
                .orElseThrow(() -> new RefusedException(RefusalCode.SEAL_NOT_FOUND, "There is no seal " + number));
    }

    private static List<String> hex(List<Digest> digests) {
        return digests.stream().map(Digest::toString).toList();
    }

    private static ExportLine.Sealed line(StoredSeal stored) {
        return SaleProofs.line(stored);
    }

    @GetMapping("/api/audit/sales/{saleKey}/export")
    @Operation(
            summary = "The sealed log of one sale with its proof, as compressed JSON Lines",
            description = "Check it with ./onsale verify FILE, offline. anchor=<number of a seal>, several times: the"
                    + " export proves the state of the sale at these seals too.")
    @ApiResponse(
            responseCode = "200",
            content = @Content(mediaType = "application/gzip", schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<Flux<DataBuffer>> export(
            @PathVariable String saleKey, @RequestParam(required = false) @Nullable List<Long> anchor) {
        List<Long> anchors = anchor == null ? List.of() : anchor;
        if (anchors.size() > ANCHORS_MAX) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "Up to " + ANCHORS_MAX + " anchors");
        }
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
            SaleExport.Extent extent = export.extent(saleKey, anchors);
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
