package dev.onsale.rehearsal.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An operator sees the steps that need attention and lets one be tried now. The steps are of a kind that nobody runs. */
@SharedOnsale
class StuckStepsTest {

    private static final String KIND = "test-of-stuck-steps";

    private final Onsale onsale;

    StuckStepsTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @AfterEach
    void remove() throws Exception {
        try (Connection database = database();
                PreparedStatement delete = database.prepareStatement("DELETE FROM saga_step WHERE task_name = ?")) {
            delete.setString(1, KIND);
            delete.executeUpdate();
        }
    }

    @Test
    void steps_that_fail_or_are_overdue_are_listed_and_others_are_not() throws Exception {
        Instant now = Instant.now();
        insert("failing", now.plusSeconds(600), 3);
        insert("overdue", now.minusSeconds(90), 0);
        insert("waiting", now.plusSeconds(600), 2);

        List<JsonNode> stuck = stuck();

        assertThat(stuck.stream().map(step -> step.path("id").asString())).containsExactly("overdue", "failing");
        assertThat(stuck.getLast().path("failures").asInt()).isEqualTo(3);
        assertThat(stuck.getLast().path("running").asBoolean()).isFalse();
        assertThat(Instant.parse(stuck.getLast().path("due").asString())).isAfter(now);
    }

    @Test
    void a_step_can_be_made_due_now() throws Exception {
        insert("later", Instant.now().plusSeconds(600), 5);

        assertThat(retry("later", onsale.operator())).isEqualTo(204);

        assertThat(due("later")).isBefore(Instant.now().plusSeconds(5));
    }

    @Test
    void a_step_that_does_not_exist_is_not_found() throws Exception {
        onsale.post("/api/admin/steps/" + KIND + "/unknown/retry")
                .as(onsale.operator())
                .send()
                .requireProblem(404, "STEP_NOT_FOUND");
    }

    @Test
    void a_buyer_may_neither_see_nor_retry_steps() throws Exception {
        insert("private", Instant.now().minusSeconds(600), 5);
        String buyer = onsale.person("nosy").token();

        assertThat(onsale.get("/api/admin/steps/stuck").as(buyer).send().status())
                .isEqualTo(403);
        assertThat(retry("private", buyer)).isEqualTo(403);
        assertThat(due("private")).isBefore(Instant.now().minusSeconds(300));
    }

    private List<JsonNode> stuck() throws Exception {
        return onsale.get("/api/admin/steps/stuck")
                .as(onsale.operator())
                .send()
                .require(200)
                .valueStream()
                .filter(step -> step.path("kind").asString().equals(KIND))
                .toList();
    }

    private int retry(String id, String token) throws Exception {
        return onsale.post("/api/admin/steps/" + KIND + "/" + id + "/retry")
                .as(token)
                .send()
                .status();
    }

    private void insert(String id, Instant due, int failures) throws Exception {
        try (Connection database = database();
                PreparedStatement insert = database.prepareStatement("INSERT INTO saga_step (task_name, task_instance,"
                        + " task_data, execution_time, picked, consecutive_failures, version)"
                        + " VALUES (?, ?, ?, ?, FALSE, ?, 1)")) {
            insert.setString(1, KIND);
            insert.setString(2, id);
            insert.setBytes(3, "{}".getBytes(StandardCharsets.UTF_8));
            insert.setObject(4, LocalDateTime.ofInstant(due, ZoneOffset.UTC));
            insert.setInt(5, failures);
            insert.executeUpdate();
        }
    }

    private Instant due(String id) throws Exception {
        try (Connection database = database();
                PreparedStatement query = database.prepareStatement(
                        "SELECT execution_time FROM saga_step WHERE task_name = ? AND task_instance = ?")) {
            query.setString(1, KIND);
            query.setString(2, id);
            try (ResultSet row = query.executeQuery()) {
                assertThat(row.next()).isTrue();
                return row.getObject(1, LocalDateTime.class).toInstant(ZoneOffset.UTC);
            }
        }
    }

    private Connection database() throws Exception {
        return DriverManager.getConnection(
                onsale.database().jdbcUrl(),
                onsale.database().user(),
                onsale.database().password());
    }
}
