package dev.onsale.waitingroom.token;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The admission keys over HTTP. */
@RestController
@Tag(name = "Waiting room")
class AdmissionKeyController {

    private final NodeAdmissionKeys keys;

    AdmissionKeyController(NodeAdmissionKeys keys) {
        this.keys = keys;
    }

    /**
     * @param signsFrom absent for a key that never signed for all nodes
     * @param acceptedUntil when its tokens are no longer accepted; absent for the current and the next key
     */
    record Key(
            String keyId,
            @Nullable Instant signsFrom,
            @Nullable Instant acceptedUntil) {}

    @Operation(
            summary = "List the admission keys in signing order",
            description = "Operators only. 400 INVALID_REQUEST if each node has its own key file.")
    @GetMapping("/api/admin/admission-keys")
    Mono<List<Key>> list() {
        return Mono.fromCallable(() ->
                shared().rotations().stream().map(AdmissionKeyController::key).toList());
    }

    @Operation(
            summary = "Publish the next admission key, which signs after one minute",
            description = "Operators only. Tokens of the former key are accepted until they expire. A repeat"
                    + " within the minute returns the same key. 400 INVALID_REQUEST if each node has its own key"
                    + " file.")
    @PostMapping("/api/admin/admission-keys/rotate")
    Mono<Key> rotate() {
        return Mono.fromCallable(() -> key(shared().rotate())).subscribeOn(Schedulers.boundedElastic());
    }

    /** Public, so that anyone can verify an admission token. */
    @Operation(summary = "Get the public keys of the admission tokens as a JWK set")
    @GetMapping(path = "/.well-known/admission-keys", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Object> published() {
        return keys.accepted().toPublicJWKSet().toJSONObject();
    }

    private SharedAdmissionKeys shared() {
        return keys.shared()
                .orElseThrow(() -> new RefusedException(
                        RefusalCode.INVALID_REQUEST,
                        "Each node has its own key file. Set onsale.personal-data.master-key to store the keys in"
                                + " the database"));
    }

    private static Key key(SharedAdmissionKeys.Rotation key) {
        return new Key(key.keyId(), instant(key.signsFrom()), instant(key.verifiesUntil()));
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
