package dev.onsale.rehearsal.rebuild;

import dev.onsale.eventlog.EventJson;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.command.CommandRunner;
import dev.onsale.rehearsal.command.ResultLine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/**
 * The command {@code ./onsale rebuild NAME}. The operator's token is read from ONSALE_TOKEN or requested from the
 * development issuer of {@code ./onsale run}.
 */
@Command(
        name = "./onsale rebuild",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Rebuild a read model while selling continues.",
        footer = "The operator's bearer token is taken from ONSALE_TOKEN if it is set.")
public final class RebuildCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private final boolean terminal = Boolean.getBoolean("onsale.terminal");

    @Parameters(
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "one of ${COMPLETION-CANDIDATES}")
    private String name = "";

    /** The names of the read models. */
    private static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ReadModelName.texts().iterator();
        }
    }

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "address of the server (${DEFAULT-VALUE})")
    private String url = "";

    public static void main(String[] arguments) {
        System.exit(CommandRunner.run(new RebuildCommand(), arguments));
    }

    @Override
    public Integer call() throws NotDoneException, InterruptedException {
        if (!ReadModelName.texts().contains(name)) {
            throw new NotDoneException("there is no read model named " + name + ", see ./onsale rebuild --help");
        }
        try {
            return rebuild();
        } catch (IOException away) {
            throw new NotDoneException("no Onsale responds at " + url + "; start it with ./onsale run");
        } catch (IllegalArgumentException wrong) {
            throw new NotDoneException(url + " is not an address");
        }
    }

    private int rebuild() throws IOException, InterruptedException, NotDoneException {
        String token = token();
        call("POST", "/api/admin/projections/" + name + "/rebuild", "", token);
        while (true) {
            JsonNode rebuild =
                    call("GET", "/api/admin/projections/" + name, "", token).path("rebuild");
            String state = rebuild.path("state").asString();
            show(rebuild);
            if (!List.of("BUILDING", "COMPARING", "SWITCHING").contains(state)) {
                return end(state, rebuild);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** With a configured issuer, the operator must provide the token. */
    private String token() throws IOException, InterruptedException, NotDoneException {
        String given = System.getenv("ONSALE_TOKEN");
        return given != null
                ? given
                : call("POST", "/dev/tokens", "{\"subject\":\"rebuild\",\"roles\":[\"operator\"]}", null)
                        .path("token")
                        .asString();
    }

    private void show(JsonNode rebuild) {
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

    private int end(String state, JsonNode rebuild) {
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
        ResultLine.print(System.out, result);
        return done ? CommandRunner.PASS : CommandRunner.FAIL;
    }

    private JsonNode call(String method, String path, String body, @Nullable String token)
            throws IOException, InterruptedException, NotDoneException {
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
            throw new NotDoneException(json.path("detail").asString("answer " + answer.statusCode()));
        }
        return json;
    }
}
