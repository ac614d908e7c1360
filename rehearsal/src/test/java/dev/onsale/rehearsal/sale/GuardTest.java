package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The operators' endpoints of the guards. */
@SharedOnsale
class GuardTest {

    private final Onsale onsale;

    GuardTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @Test
    void a_sale_key_that_no_address_may_have_is_not_found() throws Exception {
        for (String key : List.of("%20", "%22", "%5B%5D", "a%20b", "%7C", "%C3%A4")) {
            onsale.post("/api/admin/guards/" + key + "/reconciliation")
                    .as(onsale.operator())
                    .send()
                    .requireProblem(404, "SALE_NOT_FOUND");
        }
        String campaign = Sales.launched(onsale, Sales.campaign(2));
        assertThat(onsale.post("/api/admin/guards/" + campaign + "%20/reconciliation")
                        .as(onsale.operator())
                        .send()
                        .status())
                .isLessThan(500);
    }

    @Test
    void an_operator_has_a_guard_compared_with_the_store_and_nobody_else_has() throws Exception {
        String campaign = Sales.launched(onsale, Sales.campaign(2));
        String path = "/api/admin/guards/" + campaign;
        await("the guard of a new campaign").atMost(Duration.ofSeconds(60)).until(() -> onsale.get(path)
                .as(onsale.operator())
                .send()
                .require(200)
                .path("complete")
                .asBoolean());
        onsale.get(path + "/reconciliation").as(onsale.operator()).send().require(204);
        JsonNode begun = onsale.post(path + "/reconciliation")
                .as(onsale.operator())
                .send()
                .require(202);
        assertThat(begun.path("saleKey").asString()).isEqualTo(campaign);
        await("the reconciliation").atMost(Duration.ofSeconds(60)).until(() -> onsale.get(path + "/reconciliation")
                .as(onsale.operator())
                .send()
                .require(200)
                .path("state")
                .asString()
                .equals("DONE"));
        String buyer = onsale.person("guard-buyer").token();
        onsale.get(path).as(buyer).send().requireProblem(403, "FORBIDDEN");
        onsale.post(path + "/reconciliation").as(buyer).send().requireProblem(403, "FORBIDDEN");
        onsale.get("/api/admin/guards/" + UUID.randomUUID())
                .as(onsale.operator())
                .send()
                .requireProblem(404, "SALE_NOT_FOUND");
    }
}
