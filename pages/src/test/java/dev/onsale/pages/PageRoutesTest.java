package dev.onsale.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.config.EnableWebFlux;

class PageRoutesTest {

    private static final String POLICY = "Content-Security-Policy";

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    @Configuration
    @EnableWebFlux
    @Import(PagesConfiguration.class)
    static class Pages {}

    @AfterEach
    void close() {
        context.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/login",
                "/tickets",
                "/sales/54d953d1-c86a-833b-bbea-41f7d796dd47",
                "/sales/54d953d1-c86a-833b-bbea-41f7d796dd47/queue",
                "/sales/54d953d1-c86a-833b-bbea-41f7d796dd47/seats",
                "/reservations/54d953d1-c86a-833b-bbea-41f7d796dd47",
                "/campaigns/04a8db2b-a182-805d-b4ee-5e8c34d60e2f",
                "/receipts/54d953d1-c86a-833b-bbea-41f7d796dd47"
            })
    void a_page_is_html_with_a_strict_policy_and_is_asked_for_again(String path) {
        EntityExchangeResult<String> page = get(path);
        HttpHeaders headers = page.getResponseHeaders();
        assertThat(page.getStatus()).isEqualTo(HttpStatus.OK);
        assertThat(Objects.requireNonNull(headers.getContentType()).isCompatibleWith(MediaType.TEXT_HTML))
                .isTrue();
        assertThat(headers.getFirst(POLICY))
                .startsWith("default-src 'none'; script-src 'self' 'sha256-")
                .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'", "base-uri 'none'")
                .doesNotContain("unsafe", "*", "http", "data:");
        assertThat(headers.getCacheControl()).isEqualTo("no-cache");
        assertThat(page.getResponseBody()).doesNotContain("{{");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/sales",
                "/sales/",
                "/sales/a/b",
                "/sales/a/seats/b",
                "/sales/a%20b",
                "/tickets/",
                "/index.html",
                "/pages/index.html",
                "/api/pages",
                "/assets/app.js",
                "/assets/000000000000/app.js"
            })
    void every_other_address_is_not_found(String path) {
        assertThat(get(path).getStatus()).isEqualTo(HttpStatus.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.html", "nothing.js", "../application.properties", "%2e%2e/application.properties"})
    void no_other_file_of_the_class_path_is_served(String file) {
        assertThat(get(assets() + "/" + file).getStatus()).isEqualTo(HttpStatus.NOT_FOUND);
    }

    @Test
    void files_of_a_version_are_kept_for_ever_and_sent_compressed() {
        String script = assets() + "/app.js";
        HttpHeaders plain = get(script).getResponseHeaders();
        assertThat(plain.getCacheControl()).isEqualTo("max-age=31536000, public, immutable");
        assertThat(plain.getContentType()).hasToString("text/javascript;charset=UTF-8");
        assertThat(plain.getVary()).contains("Accept-Encoding");

        HttpHeaders compressed = headers(script, "Accept-Encoding", "br, gzip");
        assertThat(compressed.getFirst("Content-Encoding")).isEqualTo("gzip");
        assertThat(compressed.getContentLength()).isLessThan(plain.getContentLength());
        assertThat(compressed.getETag()).isNotEqualTo(plain.getETag());
        assertThat(headers(script, "Accept-Encoding", "gzip;q=0, br").getFirst("Content-Encoding"))
                .isNull();
    }

    @Test
    void an_unchanged_page_is_not_sent_again() {
        String etag = Objects.requireNonNull(get("/").getResponseHeaders().getETag());
        client().get()
                .uri("/")
                .header("If-None-Match", etag)
                .exchange()
                .expectStatus()
                .isNotModified()
                .expectBody()
                .isEmpty();
    }

    @Test
    void only_get_and_head_are_possible() {
        client().post()
                .uri("/tickets")
                .exchange()
                .expectStatus()
                .isEqualTo(HttpStatus.METHOD_NOT_ALLOWED)
                .expectHeader()
                .valueMatches("Allow", "(GET,HEAD|HEAD,GET)");
        client().head().uri("/tickets").exchange().expectStatus().isOk();
    }

    @Test
    void the_policy_allows_the_import_map_by_its_digest() throws Exception {
        EntityExchangeResult<String> page = get("/");
        Matcher map = Pattern.compile("<script type=\"importmap\">(.*?)</script>")
                .matcher(String.valueOf(page.getResponseBody()));
        assertThat(map.find()).isTrue();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(map.group(1).getBytes(StandardCharsets.UTF_8));
        assertThat(page.getResponseHeaders().getFirst(POLICY))
                .contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
    }

    @Test
    void every_file_that_the_page_names_is_there() {
        Matcher names = Pattern.compile("(?:href|src)=\"(/[^\"]+)\"|\"(/assets[^\"]+)\"")
                .matcher(String.valueOf(get("/").getResponseBody()));
        int found = 0;
        while (names.find()) {
            String name = names.group(1) == null ? names.group(2) : names.group(1);
            assertThat(get(name).getStatus()).as(name).isEqualTo(HttpStatus.OK);
            found++;
        }
        assertThat(found).isGreaterThan(10);
    }

    @Test
    void a_shop_may_show_the_pages_in_a_frame_if_the_operator_allows_it() {
        TestPropertyValues.of("onsale.pages.frame-ancestors=https://shop.example,https://*.shop.example:8443")
                .applyTo(context);
        assertThat(get("/").getResponseHeaders().getFirst(POLICY))
                .contains("frame-ancestors https://shop.example https://*.shop.example:8443;");
    }

    @Test
    void an_origin_cannot_change_the_rest_of_the_policy() {
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> new PagesProperties(true, java.util.List.of("https://shop.example; script-src *")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private String assets() {
        Matcher assets = Pattern.compile("/assets/[0-9a-f]+").matcher(String.valueOf(get("/").getResponseBody()));
        assertThat(assets.find()).isTrue();
        return assets.group();
    }

    private HttpHeaders headers(String path, String header, String value) {
        return client().get()
                .uri(java.net.URI.create(path))
                .header(header, value)
                .exchange()
                .expectBody()
                .returnResult()
                .getResponseHeaders();
    }

    private EntityExchangeResult<String> get(String path) {
        return client().get()
                .uri(java.net.URI.create(path))
                .exchange()
                .expectBody(String.class)
                .returnResult();
    }

    private WebTestClient client() {
        if (!context.isActive()) {
            context.register(Pages.class);
            context.refresh();
        }
        return WebTestClient.bindToApplicationContext(context).build();
    }
}
