package dev.onsale.standalone;

import dev.onsale.api.CampaignId;
import dev.onsale.api.Ids;
import dev.onsale.api.PerformanceId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates a demo performance and a demo campaign over HTTP with an operator's token and prints a welcome text.
 * Idempotency keys and bodies are the same at every start, so a later start finds the existing demo. A failure is
 * logged and does not end the server.
 */
@Configuration(proxyBeanMethods = false)
class DemoSale {

    static final String OPERATOR = "demo-operator";
    static final String PLAN = "/demo/riethsporthalle-erfurt.seating-plan.json";
    static final PerformanceId PERFORMANCE =
            new PerformanceId(Ids.derived("performance", OPERATOR, "demo-performance"));
    static final CampaignId CAMPAIGN = new CampaignId(Ids.derived("campaign", OPERATOR, "demo-campaign"));
    private static final Logger log = LoggerFactory.getLogger(DemoSale.class);
    private static final int KEY_REUSED = 422;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OPENS_AT = "2026-01-01T00:00:00Z";
    private static final String CLOSES_AT = "2036-01-01T00:00:00Z";

    @Bean
    ApplicationListener<ApplicationReadyEvent> demo(
            StandaloneProperties properties, JsonMapper json, ObjectProvider<TokenController> issuer) {
        return event -> {
            if (event.getApplicationContext() instanceof ReactiveWebServerApplicationContext context
                    && context.getWebServer() != null) {
                String url = "http://" + host(context.getEnvironment()) + ":"
                        + context.getWebServer().getPort();
                // Without the development issuer there is no operator token for the demo.
                boolean wanted = properties.demo() && issuer.getIfAvailable() != null;
                boolean pages = context.getEnvironment().getProperty("onsale.pages.enabled", Boolean.class, true);
                ready(url, properties, pages, wanted && load(url, json));
            }
        };
    }

    /** The address to connect to: the server's address, or loopback if it listens on all addresses. */
    private static String host(Environment environment) {
        String address = environment.getProperty("server.address", "");
        if (address.isBlank() || address.equals("0.0.0.0") || address.equals("::")) {
            return "127.0.0.1";
        }
        return address.contains(":") ? "[" + address + "]" : address;
    }

    /** Creates the demo. Returns whether it is on sale. */
    private static boolean load(String url, JsonMapper json) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String token = token(http, url, json);
            create(http, url + "/api/performances", token, "demo-performance", performance(json));
            create(http, url + "/api/campaigns", token, "demo-campaign", campaign(json));
            return true;
        } catch (IOException | RuntimeException e) {
            log.warn("The demo sale could not be created: {}. The server runs without it", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static String token(HttpClient http, String url, JsonMapper json) throws IOException, InterruptedException {
        String person = json.writeValueAsString(Map.of("subject", OPERATOR, "roles", List.of("operator")));
        HttpResponse<String> answer = post(http, url + "/dev/tokens", null, null, person);
        requireSuccess(answer);
        return json.readTree(answer.body()).path("token").asString();
    }

    private static void create(HttpClient http, String url, String token, String key, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = post(http, url, token, key, body);
        // The data folder has the demo of another version of Onsale. It stays unchanged.
        if (answer.statusCode() != KEY_REUSED) {
            requireSuccess(answer);
        }
    }

    private static void requireSuccess(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() >= 300) {
            throw new IOException("status " + answer.statusCode() + ", " + answer.body());
        }
    }

    /**
     * The body of the request. All maps keep their order: a body that changes between starts would be another request
     * with the same key.
     */
    static String performance(JsonMapper json) throws IOException {
        try (@Nullable InputStream plan = DemoSale.class.getResourceAsStream(PLAN)) {
            if (plan == null) {
                throw new IOException("the hall " + PLAN + " is not on the class path");
            }
            Map<String, Object> request = new LinkedHashMap<>();
            request.put("title", "Opening Night");
            request.put("startsAt", CLOSES_AT);
            request.put("saleOpensAt", OPENS_AT);
            request.put("saleClosesAt", CLOSES_AT);
            request.put("maxSeatsPerBuyer", 4);
            request.put("holdDuration", "PT5M");
            request.put("waitingRoom", false);
            request.put("prices", prices());
            request.put("seatingPlan", json.readTree(plan));
            return json.writeValueAsString(request);
        }
    }

    private static Map<String, Object> prices() {
        Map<String, Object> prices = new LinkedHashMap<>();
        prices.put("VIP", euro(14_900));
        prices.put("Kategorie I", euro(8_900));
        prices.put("Kategorie II", euro(4_900));
        return prices;
    }

    static String campaign(JsonMapper json) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("name", "First hundred");
        request.put("quantity", 100);
        request.put("maxCouponsPerBuyer", 1);
        request.put("opensAt", OPENS_AT);
        request.put("closesAt", CLOSES_AT);
        request.put("discount", Map.of("percentOff", 20));
        return json.writeValueAsString(request);
    }

    private static Map<String, Object> euro(long minorUnits) {
        Map<String, Object> money = new LinkedHashMap<>();
        money.put("minorUnits", minorUnits);
        money.put("currency", "EUR");
        return money;
    }

    private static HttpResponse<String> post(
            HttpClient http, String url, @Nullable String token, @Nullable String key, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static void ready(String url, StandaloneProperties properties, boolean pages, boolean demo) {
        StringBuilder text =
                new StringBuilder("\nOnsale is ready: ").append(url).append('\n');
        if (pages) {
            text.append("  pages, open in a browser   ").append(url).append("/\n");
        }
        text.append("  API, to try in a browser   ").append(url).append("/swagger-ui.html\n");
        text.append("  data                       ").append(properties.data()).append('\n');
        if (demo) {
            text.append("  demo performance           ").append(PERFORMANCE).append(" (1,231 seats)\n");
            text.append("  demo campaign              ").append(CAMPAIGN).append(" (100 coupons)\n");
        }
        text.append("Try: curl ").append(url).append("/api/performances\n");
        text.append("     ./onsale rehearse --url ").append(url).append("   play a sale against this server\n");
        text.append("Stop with Ctrl-C.");
        System.out.println(text);
    }
}
