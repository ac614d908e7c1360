package dev.onsale.rehearsal.running;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

/** An HTTP client of one server. */
public final class Http implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(30);

    private final String url;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    public Http(String url) {
        this.url = url;
    }

    public Request request(String method, String path) {
        return new Request(client, method, url + path);
    }

    public int port() {
        return URI.create(url).getPort();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
