package dev.onsale.waitingroom.token;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The admission keys as their operator sees them. */
@RestController
@RequestMapping("/api/admin/admission-keys")
@Tag(name = "Waiting room")
class AdmissionKeyController {

    private final NodeAdmissionKeys keys;

    AdmissionKeyController(NodeAdmissionKeys keys) {
        this.keys = keys;
    }

    /**
     * @param signsFrom absent for a key that signs no more and never did for all nodes
     * @param acceptedUntil end of the acceptance of its tokens; absent for the key that signs and for the next one
     */
    record Key(
            String keyId,
            @Nullable Instant signsFrom,
            @Nullable Instant acceptedUntil) {}

    @Operation(
            summary = "The admission keys, in the order of signing",
            description = "Operators only. 400 INVALID_REQUEST where each node has a key file of its own.")
    @GetMapping
    Mono<List<Key>> list() {
        return Mono.fromCallable(() ->
                shared().rotations().stream().map(AdmissionKeyController::key).toList());
    }

    @Operation(
            summary = "Publish the next admission key, which signs a minute later",
            description = "Operators only. Tokens of the former key are accepted until the last has expired. A repeat"
                    + " within the minute answers the same key. 400 INVALID_REQUEST where each node has a key file of"
                    + " its own.")
    @PostMapping("/rotate")
    Mono<Key> rotate() {
        return Mono.fromCallable(() -> key(shared().rotate())).subscribeOn(Schedulers.boundedElastic());
    }

    private SharedAdmissionKeys shared() {
        return keys.shared()
                .orElseThrow(() -> new RefusedException(
                        RefusalCode.INVALID_REQUEST,
                        "Each node has a key file of its own: set onsale.personal-data.master-key to have the keys in"
                                + " the database"));
    }

    private static Key key(SharedAdmissionKeys.Rotation key) {
        return new Key(key.keyId(), instant(key.signsFrom()), instant(key.verifiesUntil()));
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
