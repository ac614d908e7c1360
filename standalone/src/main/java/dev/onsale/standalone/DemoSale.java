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
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts a real hall and a campaign on sale, over HTTP like any operator, and says what to try. The same keys and the same content
 * at every start: the second start finds what the first one made.
 */
@Configuration(proxyBeanMethods = false)
class DemoSale {

    static final String OPERATOR = "demo-operator";
    static final String PLAN = "/demo/riethsporthalle-erfurt.seating-plan.json";
    static final PerformanceId PERFORMANCE =
            new PerformanceId(Ids.derived("performance", OPERATOR, "demo-performance"));
    static final CampaignId CAMPAIGN = new CampaignId(Ids.derived("campaign", OPERATOR, "demo-campaign"));
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OPENS_AT = "2026-01-01T00:00:00Z";
    private static final String CLOSES_AT = "2036-01-01T00:00:00Z";

    @Bean
    ApplicationListener<ApplicationReadyEvent> demo(
            StandaloneProperties properties, JsonMapper json, ObjectProvider<TokenController> issuer) {
        return event -> {
            if (event.getApplicationContext() instanceof ReactiveWebServerApplicationContext context
                    && context.getWebServer() != null) {
                String url = "http://127.0.0.1:" + context.getWebServer().getPort();
                try {
                    // With a real token issuer nobody here may act as the operator of a demo.
                    boolean demo = properties.demo() && issuer.getIfAvailable() != null;
                    if (demo) {
                        load(url, json);
                    }
                    ready(url, properties, demo);
                } catch (IOException e) {
                    throw new StartFailure("The demo sale could not be put on sale: " + e.getMessage()
                            + " (--onsale.standalone.demo=false starts without it)");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }

    private static void load(String url, JsonMapper json) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String token = json.readTree(post(
                            http,
                            url + "/dev/tokens",
                            null,
                            null,
                            json.writeValueAsString(Map.of("subject", OPERATOR, "roles", List.of("operator")))))
                    .path("token")
                    .asString();
            post(http, url + "/api/performances", token, "demo-performance", performance(json));
            post(http, url + "/api/campaigns", token, "demo-campaign", campaign(json));
        }
    }

    private static String performance(JsonMapper json) throws IOException {
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
            request.put("prices", Map.of("VIP", euro(14_900), "Kategorie I", euro(8_900), "Kategorie II", euro(4_900)));
            request.put("seatingPlan", json.readTree(plan));
            return json.writeValueAsString(request);
        }
    }

    private static String campaign(JsonMapper json) {
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
        return Map.of("minorUnits", minorUnits, "currency", "EUR");
    }

    private static String post(HttpClient http, String url, @Nullable String token, @Nullable String key, String body)
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
        HttpResponse<String> answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static void ready(String url, StandaloneProperties properties, boolean demo) {
        StringBuilder text =
                new StringBuilder("\nOnsale is ready: ").append(url).append('\n');
        text.append("  API, to try in a browser   ").append(url).append("/swagger-ui.html\n");
        text.append("  data                       ").append(properties.data()).append('\n');
        if (demo) {
            text.append("  demo performance           ").append(PERFORMANCE).append(" (1,231 seats)\n");
            text.append("  demo campaign              ").append(CAMPAIGN).append(" (100 coupons)\n");
        }
        text.append("Try: curl ").append(url).append("/api/performances\n");
        text.append("     ./onsale rehearse --url ").append(url).append("   a stampede against this server\n");
        text.append("Stop with Ctrl-C.");
        System.out.println(text);
    }
}
