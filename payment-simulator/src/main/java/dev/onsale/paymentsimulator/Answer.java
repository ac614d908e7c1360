package dev.onsale.paymentsimulator;

import org.jspecify.annotations.Nullable;

/** An HTTP response as it is stored for repeats and in the ledger file. */
record Answer(int status, String body, @Nullable String location, int retryAfterSeconds) {

    static Answer json(int status, Object body) {
        return new Answer(status, Json.write(body), null, 0);
    }

    static Answer problem(ProblemCode code, String detail) {
        var problem = new Problem("about:blank", code.title(), code.status(), code.name(), detail);
        return new Answer(code.status(), Json.write(problem), null, code.retryAfterSeconds());
    }

    Answer at(String address) {
        return new Answer(status, body, address, retryAfterSeconds);
    }

    Answer retryAfter(int seconds) {
        return new Answer(status, body, location, seconds);
    }

    String contentType() {
        return status >= 400 ? "application/problem+json" : "application/json";
    }

    private record Problem(String type, String title, int status, String code, String detail) {}
}
