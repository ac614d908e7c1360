package dev.onsale.rehearsal.running;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/**
 * @param to the request's method and address, for messages
 */
public record Answer(String to, int status, String contentType, String location, String body) {

    public JsonNode json() {
        return Request.JSON.readTree(body);
    }

    /** Of problem details, else empty. */
    public String code() {
        return contentType.startsWith("application/problem+json")
                ? json().path("code").asString("")
                : "";
    }

    /** Its body, if it has this status. */
    public JsonNode require(int expected) {
        assertThat(status).as("%s answered %s", to, body).isEqualTo(expected);
        return body.isEmpty() ? Request.JSON.missingNode() : json();
    }

    public void requireProblem(int expected, String code) {
        assertThat(this)
                .as("%s", to)
                .returns(expected, Answer::status)
                .returns("application/problem+json", Answer::contentType)
                .returns(code, Answer::code);
        assertThat(json().path("status").asInt()).as("%s", to).isEqualTo(expected);
        assertThat(json().path("detail").asString("")).as("%s says why", to).isNotBlank();
    }
}
