package dev.onsale.rehearsal.rebuild;

import dev.onsale.eventlog.EventJson;
import dev.onsale.query.readmodel.ReadModelName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code ./onsale rebuild NAME}: at a server of {@code ./onsale run}, which gives out the operator's token itself, or with one in ONSALE_TOKEN. */
public final class RebuildMain {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int NOT_DONE = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private final String url;
    private final boolean terminal = Boolean.getBoolean("onsale.terminal");

    private RebuildMain(String url) {
        this.url = url;
    }

    private static final class RefusedException extends Exception {
        RefusedException(String message) {
            super(message);
        }
    }

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        @Nullable String name = null;
        String url = "http://127.0.0.1:8080";
        for (int index = 0; index < arguments.size(); index++) {
            String argument = arguments.get(index);
            if (argument.equals("--url") && index + 1 < arguments.size()) {
                url = arguments.get(++index);
            } else if (!argument.startsWith("--") && name == null) {
                name = argument;
            } else {
                name = null;
                break;
            }
        }
        if (name == null || !name.matches("[a-z-]{1,60}")) {
            System.err.println(
                    "rebuild: ./onsale rebuild NAME [--url URL]; names: " + String.join(", ", ReadModelName.texts()));
            return NOT_DONE;
        }
        try {
            return new RebuildMain(url).rebuild(name);
        } catch (RefusedException refused) {
            System.err.println("rebuild: " + refused.getMessage());
        } catch (IOException away) {
            System.err.println("rebuild: no Onsale answers at " + url + "; start one with ./onsale run");
        } catch (InterruptedException e) {
            System.err.println("rebuild: interrupted; the server goes on");
        } catch (IllegalArgumentException wrong) {
            System.err.println("rebuild: " + url + " is no address");
        }
        return NOT_DONE;
    }

    private int rebuild(String name) throws IOException, InterruptedException, RefusedException {
        String token = token();
        call("POST", "/api/admin/projections/" + name + "/rebuild", "", token);
        while (true) {
            JsonNode rebuild =
                    call("GET", "/api/admin/projections/" + name, "", token).path("rebuild");
            String state = rebuild.path("state").asString();
            show(name, rebuild);
            if (!List.of("BUILDING", "COMPARING", "SWITCHING").contains(state)) {
                return end(name, state, rebuild);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** Where people sign in elsewhere, the operator brings a token along. */
    private String token() throws IOException, InterruptedException, RefusedException {
        String given = System.getenv("ONSALE_TOKEN");
        return given != null
                ? given
                : call("POST", "/dev/tokens", "{\"subject\":\"rebuild\",\"roles\":[\"operator\"]}", null)
                        .path("token")
                        .asString();
    }

    private void show(String name, JsonNode rebuild) {
        long head = Math.max(1, rebuild.path("head").asLong());
        System.err.printf(
                Locale.ROOT,
                "%s%s %s  %d %%, %,d events/s%s%s",
                terminal ? "\r\u001b[K" : "",
                name,
                rebuild.path("state").asString().toLowerCase(Locale.ROOT),
                100 * rebuild.path("builtTo").asLong() / head,
                rebuild.path("eventsPerSecond").asLong(),
                rebuild.has("secondsLeft") ? ", " + rebuild.path("secondsLeft").asLong() + " s left" : "",
                terminal ? "" : System.lineSeparator());
    }

    private int end(String name, String state, JsonNode rebuild) {
        if (terminal) {
            System.err.println();
        }
        boolean done = state.equals("SWITCHED");
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "rebuild");
        result.put("pass", done);
        result.put("projection", name);
        result.put("state", state);
        result.put("facts", rebuild.path("facts").asLong());
        result.put("eventsPerSecond", rebuild.path("eventsPerSecond").asLong());
        result.put("differences", rebuild.path("differences").asLong());
        if (!done) {
            System.out.println("FAIL  " + rebuild.path("problem").asString(state));
        }
        System.out.println("RESULT " + EventJson.mapper().writeValueAsString(result));
        return done ? DONE : FAILED;
    }

    private JsonNode call(String method, String path, String body, @Nullable String token)
            throws IOException, InterruptedException, RefusedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        JsonNode json = EventJson.mapper().readTree(answer.body().isEmpty() ? "{}" : answer.body());
        if (answer.statusCode() >= 300) {
            throw new RefusedException(json.path("detail").asString("answer " + answer.statusCode()));
        }
        return json;
    }
}
