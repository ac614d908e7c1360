package dev.onsale.rehearsal.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Request;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the login cookie allows, and whom. */
@SharedOnsale
class LoginCookieTest {

    private static final String PAGE = "Onsale-Page";

    private final Onsale onsale;
    private final String cookie;

    LoginCookieTest(Onsale onsale) throws Exception {
        this.onsale = onsale;
        cookie = "onsale-login=" + onsale.person("cookie-monster").token();
    }

    @Test
    void reads_need_the_cookie_only() throws Exception {
        assertThat(onsale.get("/api/me")
                        .header("Cookie", cookie)
                        .send()
                        .require(200)
                        .path("buyer")
                        .asString())
                .isEqualTo("cookie-monster");
        onsale.get("/api/me/reservations").header("Cookie", cookie).send().require(200);
    }

    @Test
    void without_a_token_nobody_is_signed_in() throws Exception {
        assertThat(onsale.get("/api/me").send().require(200).path("buyer").isNull())
                .isTrue();
        assertThat(onsale.get("/api/me")
                        .as(onsale.operator())
                        .send()
                        .require(200)
                        .path("operator")
                        .asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1, same-origin,, true",
        "1,, OWN, true",
        "1, same-site,, false",
        "1, cross-site, OWN, false",
        "1, none,, false",
        "1,, https://evil.example, false",
        "1,, null, false",
        "1,,, false",
        ", same-origin, OWN, false",
    })
    void changes_with_the_cookie_need_the_header_and_the_own_origin(
            String header, String site, String origin, boolean allowed) throws Exception {
        List<Request> changes = List.of(
                onsale.post("/api/performances/none/reservations").key("k").json(Map.of("quantity", 1)),
                onsale.delete("/api/reservations/none"),
                onsale.delete("/api/me/personal-data"),
                onsale.post("/api/waiting-rooms/none/visitors"));
        for (Request change : changes) {
            Answer answer = sent(change.header("Cookie", cookie), header, site, origin);
            assertThat(answer.code().equals("FORBIDDEN")).as(answer.body()).isEqualTo(!allowed);
        }
        Answer login = sent(onsale.post("/dev/login").json(Map.of("name", "somebody")), header, site, origin);
        assertThat(login.status()).isEqualTo(allowed ? 204 : 403);
        Answer logout = sent(onsale.post("/logout"), header, site, origin);
        assertThat(logout.status()).isEqualTo(allowed ? 204 : 403);
    }

    @Test
    void a_bearer_token_needs_neither_and_wins_over_the_cookie() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        onsale.post("/api/performances/" + performance + "/reservations")
                .header("Cookie", cookie)
                .as(onsale.person("with-a-token").token())
                .key("bearer")
                .json(Map.of("seats", List.of("P-1-1")))
                .send()
                .require(201);
        assertThat(onsale.get("/api/me/reservations")
                        .header("Cookie", cookie)
                        .send()
                        .require(200)
                        .path("items"))
                .isEmpty();
    }

    @Test
    void a_token_that_is_not_valid_any_more_is_taken_away_and_the_pages_stay_open() throws Exception {
        String stale = "onsale-login=eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl";
        Answer refused = onsale.get("/api/me").header("Cookie", stale).send();
        refused.requireProblem(401, "UNAUTHENTICATED");
        onsale.get("/tickets").header("Cookie", stale).send();
        assertThat(onsale.get("/tickets").header("Cookie", stale).send().status())
                .isEqualTo(200);
    }

    private Answer sent(Request request, String header, String site, String origin) throws Exception {
        if (header != null) {
            request.header(PAGE, header);
        }
        if (site != null) {
            request.header("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            request.header("Origin", origin.equals("OWN") ? "http://127.0.0.1:" + onsale.port() : origin);
        }
        return request.send();
    }
}
