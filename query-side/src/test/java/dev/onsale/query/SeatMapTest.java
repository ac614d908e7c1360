package dev.onsale.query;

import static dev.onsale.query.ASale.NOON;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;
import static dev.onsale.query.ASale.seatId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.seat.SeatReleased;
import dev.onsale.embedded.Service;
import dev.onsale.testsupport.TestServices;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

class SeatMapTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private RedisConnectionFactory redis;

    @BeforeEach
    void performance() {
        TELLER.tell(scheduled(performance, 9));
        TELLER.tell(seatHeld(performance, 1, reservation));
        TELLER.tell(seatHeld(performance, 9, reservation));
        awaitConsumed();
    }

    @Test
    void a_reader_that_has_the_newest_map_gets_304_and_a_changed_map_has_another_tag() {
        String tag = eTag();
        http.get()
                .uri("/api/performances/{id}/seat-map", performance)
                .header("If-None-Match", tag)
                .exchange()
                .expectStatus()
                .isNotModified()
                .expectHeader()
                .valueEquals("ETag", tag)
                .expectBody()
                .isEmpty();

        var newest = TELLER.tell(new SeatReleased(seatId(performance, 1), reservation, NOON));
        awaitConsumed();

        http.get()
                .uri("/api/performances/{id}/seat-map", performance)
                .header("If-None-Match", tag)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.seats")
                .isEqualTo("AAAAAAAAH")
                .jsonPath("$.version")
                .isEqualTo(Teller.positionOf(newest));
        assertThat(eTag()).isNotEqualTo(tag);
    }

    @Test
    void a_large_map_is_compressed_for_those_who_take_it_and_reads_the_same() throws Exception {
        PerformanceId large = aPerformance();
        TELLER.tell(scheduled(large, 9_000));
        awaitConsumed();
        byte[] plain = bytes(large, "identity", null);

        byte[] compressed = bytes(large, "br, gzip;q=0.5", "gzip");

        assertThat(compressed.length).isLessThan(plain.length / 4);
        try (GZIPInputStream read = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            assertThat(read.readAllBytes()).isEqualTo(plain);
        }
        assertThat(bytes(large, "gzip;q=0", null)).isEqualTo(plain);
        assertThat(bytes(performance, "gzip", null)).as("a small map").isNotEmpty();
    }

    /** With a client that does not decompress by itself. */
    private byte[] bytes(PerformanceId id, String accepted, @Nullable String encoding) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/performances/" + id + "/seat-map"))
                .timeout(Duration.ofSeconds(60))
                .header("Accept-Encoding", accepted)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Encoding").orElse(null))
                    .isEqualTo(encoding);
            return answer.body();
        }
    }

    @Test
    void the_map_in_redis_moves_on_with_the_facts_without_being_built_again() {
        assertThat(map()).isEqualTo("HAAAAAAAH");
        assertThat(stored()).hasSize(16 + 3);

        TELLER.tell(seatBooked(performance, 9, reservation));
        TELLER.tell(seatHeld(performance, 5, reservation));
        awaitConsumed();

        byte[] value = stored();
        assertThat(value).hasSize(16 + 3);
        assertThat(value[16]).isEqualTo((byte) 0b01_00_00_00);
        assertThat(value[17]).isEqualTo((byte) 0b01_00_00_00);
        assertThat(value[18]).isEqualTo((byte) 0b10_00_00_00);
        assertThat(map()).isEqualTo("HAAAHAAAB");
    }

    @Test
    void a_map_lost_by_redis_is_built_again_from_the_rows() {
        String tag = eTag();
        try (RedisConnection connection = redis.getConnection()) {
            connection.serverCommands().flushAll();
        }

        assertThat(map()).isEqualTo("HAAAAAAAH");
        assertThat(eTag()).isEqualTo(tag);
        assertThat(stored()).hasSize(16 + 3);
    }

    @Test
    void a_map_that_missed_a_change_is_given_up_and_built_again() {
        map();
        byte[] old = stored();
        TELLER.tell(seatBooked(performance, 1, reservation));
        awaitConsumed();
        // As if Redis had come back from a backup.
        try (RedisConnection connection = redis.getConnection()) {
            connection.stringCommands().set(key(), old);
        }
        TELLER.tell(seatHeld(performance, 2, reservation));
        awaitConsumed();

        assertThat(map()).isEqualTo("BHAAAAAAH");
    }

    @Test
    void seats_are_answered_from_the_database_while_redis_is_away_and_no_old_map_comes_back_with_it() {
        map();
        TestServices.embedded().kill(Service.REDIS);
        try {
            TELLER.tell(seatBooked(performance, 1, reservation));
            awaitConsumed();
            eventually("the rows answer").untilAsserted(() -> assertThat(map()).isEqualTo("BAAAAAAAH"));
        } finally {
            TestServices.embedded().startAgain(Service.REDIS);
        }
        eventually("Redis has been told").untilAsserted(() -> assertThat(stored())
                .satisfiesAnyOf(
                        value -> assertThat(value).as("a bare header").hasSize(16),
                        value -> assertThat(value[16]).as("the booked seat").isEqualTo((byte) 0b10_00_00_00)));
        assertThat(map()).isEqualTo("BAAAAAAAH");
    }

    @Test
    void a_performance_that_does_not_exist_has_no_map() {
        http.get()
                .uri("/api/performances/{id}/seat-map", aPerformance())
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("PERFORMANCE_NOT_FOUND");
    }

    private String map() {
        byte[] body = answer().getResponseBody();
        String json = new String(Objects.requireNonNull(body), StandardCharsets.UTF_8);
        return json.replaceAll(".*\"seats\":\"([AHB]+)\".*", "$1");
    }

    private String eTag() {
        return Objects.requireNonNull(answer().getResponseHeaders().getETag());
    }

    private EntityExchangeResult<byte[]> answer() {
        return http.get()
                .uri("/api/performances/{id}/seat-map", performance)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult();
    }

    private byte[] stored() {
        try (RedisConnection connection = redis.getConnection()) {
            return Objects.requireNonNull(connection.stringCommands().get(key()), "no map in Redis");
        }
    }

    private byte[] key() {
        // Other tests may have built the rows again.
        long generation =
                count("SELECT COALESCE(MAX(generation), 0) FROM projection_generation WHERE name = 'seat-map'");
        return ("onsale:{" + performance + "}:seat-map" + (generation == 0 ? "" : ":" + generation))
                .getBytes(StandardCharsets.UTF_8);
    }
}
