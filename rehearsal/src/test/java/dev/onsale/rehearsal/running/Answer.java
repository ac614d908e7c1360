package dev.onsale.rehearsal.running;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/**
 * A response.
 *
 * @param to method and address of the request, for messages
 */
public record Answer(String to, int status, String contentType, String location, String body) {

    public JsonNode json() {
        return Request.JSON.readTree(body);
    }

    /** Code of the problem details; empty if there is none. */
    public String code() {
        return contentType.startsWith("application/problem+json")
                ? json().path("code").asString("")
                : "";
    }

    /** Asserts the status and returns the body. */
    public JsonNode require(int expected) {
        assertThat(status).as("%s responded with %s", to, body).isEqualTo(expected);
        return body.isEmpty() ? Request.JSON.missingNode() : json();
    }

    public void requireProblem(int expected, String code) {
        assertThat(this)
                .as("%s", to)
                .returns(expected, Answer::status)
                .returns("application/problem+json", Answer::contentType)
                .returns(code, Answer::code);
        assertThat(json().path("status").asInt()).as("%s", to).isEqualTo(expected);
        assertThat(json().path("detail").asString("")).as("%s has a detail", to).isNotBlank();
    }
}
