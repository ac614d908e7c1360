package dev.onsale.rehearsal.running;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Builds and sends one HTTP request. Not thread-safe. */
public final class Request {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client;
    private final String method;
    private final String url;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable String body;

    Request(HttpClient client, String method, String url) {
        this.client = client;
        this.method = method;
        this.url = url;
    }

    /** Adds a bearer token. */
    public Request as(String token) {
        return header("Authorization", "Bearer " + token);
    }

    /** Adds an idempotency key. */
    public Request key(String key) {
        return header("Idempotency-Key", key);
    }

    public Request header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Adds a JSON body. */
    public Request json(Object content) {
        return body("application/json", JSON.writeValueAsString(content));
    }

    public Request body(String contentType, String content) {
        headers.put("Content-Type", contentType);
        body = content;
        return this;
    }

    /** Sends the request and returns the body as bytes. */
    public byte[] download() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = client.send(prepared(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(method + " " + url + " responded with " + answer.statusCode());
        }
        return answer.body();
    }

    public Answer send() throws IOException, InterruptedException {
        HttpResponse<String> answer =
                client.send(prepared(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Answer(
                method + " " + url,
                answer.statusCode(),
                answer.headers().firstValue("Content-Type").orElse(""),
                answer.headers().firstValue("Location").orElse(""),
                answer.body());
    }

    private HttpRequest prepared() {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Http.LIMIT)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        headers.forEach(request::header);
        return request.build();
    }
}
