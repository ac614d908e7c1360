package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.proof.invariant.Invariant;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Checks the exported records of a waiting room: a fair room passes and each unfairness is detected. */
@SharedOnsale
class AdmissionProofTest {

    private static final int VISITORS = 6;
    private static final int ACTIVE_LIMIT = 3;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static @Nullable List<String> exported;

    private final Onsale onsale;
    private final Path file;

    AdmissionProofTest(Onsale onsale, @TempDir Path folder) {
        this.onsale = onsale;
        this.file = folder.resolve("sale.jsonl.gz");
    }

    @BeforeEach
    void aSale() throws Exception {
        if (exported != null) {
            return;
        }
        Map<String, Object> request = Sales.performance();
        request.put("waitingRoom", true);
        String sale = Sales.scheduled(onsale, request);
        onsale.post("/api/admin/waiting-rooms/" + sale)
                .as(onsale.operator())
                .json(Map.of(
                        "activeLimit",
                        ACTIVE_LIMIT,
                        "opensAt",
                        Instant.now().plusSeconds(5).toString()))
                .send()
                .require(201);
        List<Person> visitors = new ArrayList<>();
        for (int number = 1; number <= VISITORS; number++) {
            Person visitor = onsale.person("queue-" + number);
            onsale.post("/api/waiting-rooms/" + sale + "/visitors")
                    .as(visitor.token())
                    .send()
                    .require(202);
            visitors.add(visitor);
        }
        for (Person visitor : inDrawnOrder(sale, visitors)) {
            enter(sale, visitor);
            String reservation = visitor.hasHeld(sale, "P-1-" + (visitors.indexOf(visitor) + 1));
            visitor.cancels(reservation).require(200);
        }
        // A cancellation reaches the waiting room through Kafka; the journal is written shortly afterwards.
        await("all have left")
                .atMost(LIMIT)
                .until(() -> room(sale).path("active").asInt() == 0);
        await("the journal is written")
                .atMost(LIMIT)
                .until(() -> room(sale).path("journalBehind").asInt() == 0);
        exported = new Exported(Exported.onceSealed(onsale, sale)).lines;
    }

    private JsonNode room(String sale) throws Exception {
        return onsale.get("/api/admin/waiting-rooms/" + sale)
                .as(onsale.operator())
                .send()
                .require(200);
    }

    /** After the draw each visitor has a place in the queue. */
    private List<Person> inDrawnOrder(String sale, List<Person> visitors) {
        List<String> order = new ArrayList<>();
        await("the draw").atMost(LIMIT).until(() -> {
            JsonNode draw =
                    onsale.get("/api/waiting-rooms/" + sale + "/shuffle").send().json();
            order.clear();
            draw.path("visitors").forEach(visitor -> order.add(visitor.asString()));
            return order.size() == VISITORS;
        });
        return visitors.stream()
                .sorted((one, other) -> Integer.compare(order.indexOf(lot(sale, one)), order.indexOf(lot(sale, other))))
                .toList();
    }

    private static String lot(String sale, Person visitor) {
        try {
            return java.util.HexFormat.of()
                    .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                            .digest((sale + "\n" + visitor.name()).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void enter(String sale, Person visitor) throws Exception {
        String token = Objects.requireNonNull(await("admission of " + visitor.name())
                .atMost(LIMIT)
                .until(
                        () -> visitor.sees("/api/waiting-rooms/" + sale + "/visitors/me")
                                .json()
                                .path("admissionToken")
                                .asString(""),
                        answered -> !answered.isEmpty()));
        onsale.post("/api/sales/" + sale + "/entry")
                .as(visitor.token())
                .json(Map.of("admissionToken", token))
                .send()
                .require(200);
    }

    private static Exported anExport() {
        return new Exported(new ArrayList<>(Objects.requireNonNull(exported)));
    }

    private ProofResult check(Exported changed) throws Exception {
        Files.write(file, changed.plain());
        return ExportCheck.of(file, null, null);
    }

    @Test
    void a_fair_room_is_judged_from_the_file_alone() throws Exception {
        ProofResult result = check(anExport());

        assertThat(result.tampering().first()).isEmpty();
        assertThat(result.findings().broken()).isEmpty();
        assertThat(result.admissions()).isEqualTo(VISITORS);
        assertThat(result.roomRecords()).as("room, journal, tokens and seed").isGreaterThanOrEqualTo(1 + 5 * VISITORS);
        assertThat(result.passed()).isTrue();
    }

    /** An unfair room: a change of its records and the invariant that it violates. */
    record Unfair(String name, Invariant broken, Consumer<Exported> records) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Unfair> unfair() {
        return Stream.of(
                new Unfair(
                        "the second is admitted before the first",
                        Invariant.ADMITTED_IN_ORDER,
                        it -> Collections.swap(it.lines, it.admission(1, "ADMITTED"), it.admission(2, "ADMITTED"))),
                new Unfair("somebody is admitted who did not wait", Invariant.ADMITTED_IN_ORDER, it -> {
                    String buyer = buyer(it.lines.get(it.admission(1, "ADMITTED")));
                    it.lines.removeIf(line -> line.contains("RANKED") && line.contains(buyer));
                    it.lines.removeIf(line -> line.contains("JOINED") && line.contains(buyer));
                }),
                new Unfair(
                        "there were more inside than the limit",
                        Invariant.ACTIVE_LIMIT_KEPT,
                        it -> it.replace(
                                it.admission(1, "activeLimitMax"),
                                "activeLimitMax\\\":" + ACTIVE_LIMIT,
                                "activeLimitMax\\\":1")),
                new Unfair("a token is used twice", Invariant.ADMISSION_TOKEN_USED_ONCE, it -> {
                    int used = it.admission(1, "\\\"used\\\"");
                    it.lines.add(used, it.lines.get(used));
                }),
                new Unfair(
                        "somebody holds seats who never came in",
                        Invariant.NOBODY_JUMPED_THE_QUEUE,
                        it -> it.lines.remove(it.admission(1, "\\\"used\\\""))),
                new Unfair("somebody came in after the hold", Invariant.NOBODY_JUMPED_THE_QUEUE, it -> {
                    int used = it.admission(1, "\\\"used\\\"");
                    it.lines.set(used, it.lines.get(used).replaceFirst("enteredAt\\\\\":(\\d)", "enteredAt\\\\\":9"));
                }),
                new Unfair("two change their places in the draw", Invariant.DRAWN_AS_PROMISED, it -> {
                    int one = it.admission(1, "RANKED");
                    int other = it.admission(2, "RANKED");
                    String first = buyer(it.lines.get(one));
                    String second = buyer(it.lines.get(other));
                    it.replace(one, first, second).replace(other, second, first);
                }),
                new Unfair("the seed is not the promised one", Invariant.DRAWN_AS_PROMISED, it -> {
                    int commitment = it.admission(1, "commitment");
                    it.lines.set(
                            commitment,
                            it.lines
                                    .get(commitment)
                                    .replaceFirst("commitment\\\\\":\\\\\"....", "commitment\\\\\":\\\\\"0000"));
                }));
    }

    private static String buyer(String line) {
        return IntStream.rangeClosed(1, VISITORS)
                .mapToObj(number -> "queue-" + number)
                .filter(line::contains)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("unfair")
    void an_unfair_room_is_found_out(Unfair room) throws Exception {
        Exported changed = anExport();
        room.records().accept(changed);

        ProofResult result = check(changed.renumber().resum());

        assertThat(result.findings().broken()).containsKey(room.broken());
        assertThat(result.passed()).isFalse();
    }

    @Test
    void records_of_the_room_that_are_missing_or_none_are_named() throws Exception {
        Exported missing = anExport();
        missing.lines.remove(missing.admission(1, "ADMITTED"));
        assertThat(check(missing.resum()).tampering().first())
                .anySatisfy(what -> assertThat(what).contains("comes after record"));

        Exported none = anExport();
        none.replace(none.admission(1, "ADMITTED"), "\\\"entry\\\"", "\\\"else\\\"");
        assertThat(check(none.resum()).tampering().first())
                .anySatisfy(
                        what -> assertThat(what).contains("of the waiting room").contains("is not a record"));
    }
}
