package dev.onsale.waitingroom.token;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Publishes the public halves, so that anyone can check an admission token without asking the waiting room. */
@RestController
@Tag(name = "Waiting room")
class AdmissionKeysEndpoint {

    private final AdmissionKeys keys;

    AdmissionKeysEndpoint(AdmissionKeys keys) {
        this.keys = keys;
    }

    @Operation(summary = "Public keys of the admission tokens, as a JWK set")
    @GetMapping(path = "/.well-known/admission-keys", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Object> published() {
        return keys.accepted().toPublicJWKSet().toJSONObject();
    }
}
