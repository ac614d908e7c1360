package dev.onsale.waitingroom.token;

import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Publishes the public halves, so that anyone can check an admission token without asking the waiting room. */
@RestController
class AdmissionKeysEndpoint {

    private final AdmissionKeys keys;

    AdmissionKeysEndpoint(AdmissionKeys keys) {
        this.keys = keys;
    }

    @GetMapping(path = "/.well-known/admission-keys", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Object> published() {
        return keys.accepted().toPublicJWKSet().toJSONObject();
    }
}
