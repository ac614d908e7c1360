package dev.onsale.waitingroom.token;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import com.zaxxer.hikari.HikariDataSource;
import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.waitingroom.HandMovedClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** The keys of several nodes on one database. Each test has a schema of its own: there is one set of keys in it. */
@Tag("services")
class SharedAdmissionKeysTest {

    private static final String SALE = "sale-1";
    private static final BuyerId ALICE = BuyerId.of("alice");
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);

    private final HandMovedClock clock = new HandMovedClock();
    private final HikariDataSource database = new HikariDataSource();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final TestWrapping wrapping = new TestWrapping(1);

    @TempDir
    private Path folder = Path.of("set by JUnit");

    @BeforeEach
    void migrate() {
        TestDatabase fresh = TestDatabase.fresh();
        database.setJdbcUrl(fresh.jdbcUrl());
        database.setUsername(fresh.user());
        database.setPassword(fresh.password());
        database.setMaximumPoolSize(10);
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/waiting-room")
                .load()
                .migrate();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void nodes_with_different_files_agree_and_take_each_other_s_tokens_and_those_from_before() {
        Path one = file("one");
        Path other = file("other");
        String beforeOne = sign(new AdmissionTokens(StoredAdmissionKeys.inFile(one), clock));
        String beforeOther = sign(new AdmissionTokens(StoredAdmissionKeys.inFile(other), clock));

        SharedAdmissionKeys first = node(one);
        SharedAdmissionKeys second = node(other);
        SharedAdmissionKeys withoutFile = node(null);
        first.read();

        for (SharedAdmissionKeys node : List.of(first, second, withoutFile)) {
            assertThat(node.signing().getKeyID())
                    .isEqualTo(StoredAdmissionKeys.inFile(one).signing().getKeyID());
            assertThat(node.secret("challenges"))
                    .isEqualTo(StoredAdmissionKeys.inFile(one).secret("challenges"));
            AdmissionTokens tokens = new AdmissionTokens(node, clock);
            verify(tokens, beforeOne);
            verify(tokens, beforeOther);
            verify(tokens, sign(new AdmissionTokens(first, clock)));
            verify(tokens, sign(new AdmissionTokens(second, clock)));
        }
    }

    @Test
    void nodes_that_start_at_once_end_with_one_signing_key() throws Exception {
        Set<String> signing = ConcurrentHashMap.newKeySet();
        List<Path> files =
                IntStream.range(0, 8).mapToObj(i -> file("node-" + i)).toList();

        assertThat(Races.failures(Races.together(
                        8,
                        node -> () ->
                                signing.add(node(files.get(node)).signing().getKeyID()))))
                .isEmpty();

        assertThat(signing).hasSize(1);
    }

    @Test
    void a_rotation_overlaps_and_every_node_takes_every_token_before_during_and_after_it() {
        SharedAdmissionKeys first = node(file("one"));
        SharedAdmissionKeys second = node(file("other"));
        AdmissionTokens one = new AdmissionTokens(first, clock);
        AdmissionTokens other = new AdmissionTokens(second, clock);
        String former = first.signing().getKeyID();
        byte[] secret = first.secret("challenges");

        String next = first.rotate().keyId();
        assertThat(next).isNotEqualTo(former);
        assertThat(keyOf(sign(one))).as("published, and does not sign yet").isEqualTo(former);
        second.read();
        verify(other, sign(one));

        clock.advance(SharedAdmissionKeys.PUBLISHED_BEFORE.minusMillis(1));
        String lastOfFormer = sign(one);
        assertThat(keyOf(lastOfFormer)).isEqualTo(former);
        clock.advance(Duration.ofMillis(1));
        assertThat(keyOf(sign(one))).isEqualTo(next);
        assertThat(keyOf(sign(other))).isEqualTo(next);
        verify(other, sign(one));
        verify(one, sign(other));
        clock.advance(TOKEN_LIFE.minusSeconds(2));
        verify(other, lastOfFormer);
        verify(one, lastOfFormer);
        assertThat(second.secret("challenges")).isEqualTo(secret);
    }

    @Test
    void a_former_key_verifies_receipts_for_ever_and_tokens_no_more() throws Exception {
        SharedAdmissionKeys keys = node(null);
        AdmissionTokens tokens = new AdmissionTokens(keys, clock);
        String receipt = tokens.signReceipt(SALE, "alice", clock.instant(), List.of());
        String former = keys.signing().getKeyID();
        String longLived = tokens.sign(new Admission(
                "id-1", SALE, ALICE, clock.instant(), clock.instant().plus(Duration.ofDays(100))));

        keys.rotate();
        clock.advance(SharedAdmissionKeys.PUBLISHED_BEFORE
                .plus(SharedAdmissionKeys.VERIFIED_AFTER)
                .minusMillis(1));
        verify(tokens, longLived);
        clock.advance(Duration.ofMillis(1));
        assertRefused(RefusalCode.ADMISSION_TOKEN_INVALID, () -> tokens.verify(longLived, SALE, ALICE));

        SharedAdmissionKeys afterRestart = node(null);
        JWKSet published = JWKSet.parse(afterRestart.accepted().toPublicJWKSet().toJSONObject());
        assertThat(published.getKeyByKeyId(former).isPrivate()).isFalse();
        assertThat(SignedJWT.parse(receipt)
                        .verify(new ECDSAVerifier(
                                published.getKeyByKeyId(former).toECKey())))
                .isTrue();
    }

    @Test
    void a_restart_changes_nothing_whatever_the_file_is_by_then() throws Exception {
        Path file = file("one");
        SharedAdmissionKeys before = node(file);
        String token = sign(new AdmissionTokens(before, clock));
        before.rotate();
        clock.advance(SharedAdmissionKeys.PUBLISHED_BEFORE);
        String rotated = before.signing().getKeyID();

        Files.delete(file);
        SharedAdmissionKeys after = node(file);

        assertThat(after.signing().getKeyID()).isEqualTo(rotated);
        assertThat(after.secret("addresses")).isEqualTo(before.secret("addresses"));
        verify(new AdmissionTokens(after, clock), token);
        assertThat(file).doesNotExist();
        assertThat(after.rotations()).isEqualTo(before.rotations());
    }

    @Test
    void a_file_that_was_rotated_by_hand_goes_on_to_sign_with_its_first_key_and_to_take_its_others() throws Exception {
        Path file = file("one");
        String former = sign(new AdmissionTokens(StoredAdmissionKeys.inFile(file), clock));
        ECKey next = StoredAdmissionKeys.generated();
        Files.writeString(
                file,
                new JWKSet(List.<JWK>of(next, StoredAdmissionKeys.inFile(file).signing())).toString(false));

        SharedAdmissionKeys keys = node(file);

        assertThat(keys.signing().getKeyID()).isEqualTo(next.getKeyID());
        verify(new AdmissionTokens(keys, clock), former);
    }

    @Test
    void a_node_with_another_master_key_does_not_start_and_says_why() {
        node(file("one"));

        assertThatThrownBy(() -> started(new TestWrapping(2), file("other")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("master key");
        assertThat(node(null).rotations()).hasSize(1);
    }

    @Test
    void keys_are_wrapped_in_the_database() {
        SharedAdmissionKeys keys = node(null);
        keys.rotate();

        List<String> stored = jdbc.queryForList("SELECT wrapped_key FROM admission_key", String.class);
        assertThat(stored).hasSize(2).allSatisfy(wrapped -> assertThat(
                        new String(Base64.getDecoder().decode(wrapped), StandardCharsets.ISO_8859_1))
                .doesNotContain("kty", "P-256", "\"d\""));
    }

    @Test
    void rotations_at_once_publish_one_key_and_a_repeat_answers_the_same() throws Exception {
        List<SharedAdmissionKeys> nodes =
                IntStream.range(0, 6).mapToObj(i -> node(null)).toList();
        Set<String> next = ConcurrentHashMap.newKeySet();

        assertThat(Races.failures(Races.together(
                        6, node -> () -> next.add(nodes.get(node).rotate().keyId()))))
                .isEmpty();

        assertThat(next)
                .hasSize(1)
                .isEqualTo(new HashSet<>(Set.of(nodes.getFirst().rotate().keyId())));
        assertThat(nodes.getLast().rotations()).hasSize(2);
    }

    @Test
    void a_key_that_has_signed_for_its_time_is_followed_by_the_next() {
        SharedAdmissionKeys keys = node(null);
        Duration age = Duration.ofDays(30);
        clock.advance(age.minusMillis(1));
        keys.rotateAfter(age);
        assertThat(keys.rotations()).hasSize(1);

        clock.advance(Duration.ofMillis(1));
        keys.rotateAfter(age);
        keys.rotateAfter(age);
        assertThat(keys.rotations()).hasSize(2);

        clock.advance(SharedAdmissionKeys.PUBLISHED_BEFORE.plus(age));
        keys.rotateAfter(age);
        assertThat(keys.rotations()).hasSize(3);
    }

    @Test
    void a_key_that_was_withdrawn_verifies_nothing_and_is_not_published() {
        SharedAdmissionKeys keys = node(null);
        String leaked = sign(new AdmissionTokens(keys, clock));
        String former = keys.signing().getKeyID();
        keys.rotate();
        clock.advance(SharedAdmissionKeys.PUBLISHED_BEFORE);

        jdbc.update("UPDATE admission_key SET verifies_until = 0 WHERE key_id = ?", former);
        keys.read();

        assertRefused(RefusalCode.ADMISSION_TOKEN_INVALID, () -> new AdmissionTokens(keys, clock)
                .verify(leaked, SALE, ALICE));
        assertThat(keys.accepted().getKeyByKeyId(former)).isNull();
        assertThat(node(null).secret("challenges")).isEqualTo(keys.secret("challenges"));
    }

    @Test
    void a_node_that_could_not_read_the_keys_does_not_call_a_token_of_a_key_that_it_has_not_seen_invalid() {
        SharedAdmissionKeys first = node(null);
        AdmissionTokens late = new AdmissionTokens(node(null), clock);
        first.rotate();
        clock.advance(SharedAdmissionKeys.PUBLISHED_BEFORE);
        String token = sign(new AdmissionTokens(first, clock));

        assertRefused(RefusalCode.TEMPORARILY_UNAVAILABLE, () -> late.verify(token, SALE, ALICE));

        String forged = sign(new AdmissionTokens(StoredAdmissionKeys.inMemory(), clock));
        first.read();
        assertRefused(RefusalCode.ADMISSION_TOKEN_INVALID, () -> new AdmissionTokens(first, clock)
                .verify(forged, SALE, ALICE));
    }

    @Test
    void a_reading_that_began_before_a_rotation_does_not_undo_it() throws Exception {
        HeldReading slow = new HeldReading(database);
        SharedAdmissionKeys keys = new SharedAdmissionKeys(
                new AdmissionKeyTable(slow, new DataSourceTransactionManager(database)), wrapping, null, clock);
        keys.start();
        Thread periodic = new Thread(keys::read);
        slow.holdReadingsOf(periodic);
        periodic.start();
        slow.awaitRowsRead();

        String next = keys.rotate().keyId();
        slow.goOn();
        periodic.join(10_000);

        assertThat(keys.rotations())
                .extracting(SharedAdmissionKeys.Rotation::keyId)
                .contains(next);
        assertThat(keys.accepted().getKeyByKeyId(next)).isNotNull();
        clock.advance(SharedAdmissionKeys.PUBLISHED_BEFORE);
        assertThat(keys.signing().getKeyID()).isEqualTo(next);
    }

    @Test
    void a_former_key_is_removed_when_no_token_of_it_counts_and_its_receipts_still_verify() throws Exception {
        SharedAdmissionKeys keys = node(file("one"));
        AdmissionTokens tokens = new AdmissionTokens(keys, clock);
        byte[] challenges = keys.secret(AdmissionKeys.CHALLENGES);
        byte[] addresses = keys.secret(AdmissionKeys.ADDRESSES);
        List<String> receipts = new ArrayList<>();
        for (int rotation = 0; rotation < 3; rotation++) {
            receipts.add(tokens.signReceipt(SALE, "alice", clock.instant(), List.of()));
            String token = sign(tokens);
            String former = keys.signing().getKeyID();
            keys.rotate();
            clock.advance(SharedAdmissionKeys.PUBLISHED_BEFORE);
            clock.advance(TOKEN_LIFE.minusMinutes(2));
            keys.removeFormer();
            verify(tokens, token);

            clock.advance(SharedAdmissionKeys.VERIFIED_AFTER.minus(TOKEN_LIFE.minusMinutes(2)));
            clock.advance(SharedAdmissionKeys.REMOVED_AFTER.minusMillis(1));
            keys.removeFormer();
            assertThat(hasPrivateHalf(former)).isTrue();
            clock.advance(Duration.ofMillis(1));
            keys.removeFormer();
            assertThat(hasPrivateHalf(former)).isFalse();
            assertRefused(RefusalCode.ADMISSION_TOKEN_INVALID, () -> tokens.verify(token, SALE, ALICE));
        }

        assertThat(keys.rotations()).hasSize(1);
        for (SharedAdmissionKeys node : List.of(keys, node(file("one")), node(null))) {
            JWKSet published = JWKSet.parse(node.accepted().toPublicJWKSet().toJSONObject());
            assertThat(published.getKeys()).hasSize(4);
            for (String receipt : receipts) {
                ECKey key = published.getKeyByKeyId(keyOf(receipt)).toECKey();
                assertThat(SignedJWT.parse(receipt).verify(new ECDSAVerifier(key)))
                        .isTrue();
            }
            assertThat(node.secret(AdmissionKeys.CHALLENGES)).isEqualTo(challenges);
            assertThat(node.secret(AdmissionKeys.ADDRESSES)).isEqualTo(addresses);
            assertThat(node.signing().getKeyID()).isEqualTo(keys.signing().getKeyID());
            assertThat(node.rotations()).isEqualTo(keys.rotations());
        }
    }

    @Test
    void neither_the_newest_key_nor_one_whose_tokens_count_is_removed_however_old() {
        SharedAdmissionKeys keys = node(null);
        clock.advance(Duration.ofDays(365));
        keys.removeFormer();
        assertThat(keys.rotations()).hasSize(1);

        String former = keys.signing().getKeyID();
        keys.rotate();
        clock.advance(SharedAdmissionKeys.PUBLISHED_BEFORE.plus(SharedAdmissionKeys.VERIFIED_AFTER));
        keys.removeFormer();
        assertThat(hasPrivateHalf(former)).isTrue();
    }

    @Test
    void a_removed_key_does_not_come_back_from_a_key_file() {
        Path one = file("one");
        Path other = file("other");
        String leaked = sign(new AdmissionTokens(StoredAdmissionKeys.inFile(other), clock));
        String withdrawn = StoredAdmissionKeys.inFile(other).signing().getKeyID();
        String expired = StoredAdmissionKeys.inFile(one).signing().getKeyID();
        SharedAdmissionKeys keys = node(one);
        node(other);
        keys.rotate();
        clock.advance(SharedAdmissionKeys.PUBLISHED_BEFORE);
        jdbc.update("UPDATE admission_key SET verifies_until = 0 WHERE key_id = ?", withdrawn);
        keys.read();
        keys.removeFormer();
        assertThat(hasPrivateHalf(withdrawn)).isFalse();

        SharedAdmissionKeys again = node(other);
        assertThat(again.accepted().getKeyByKeyId(withdrawn)).isNull();
        assertThat(hasPrivateHalf(withdrawn)).isFalse();
        assertRefused(RefusalCode.ADMISSION_TOKEN_INVALID, () -> new AdmissionTokens(again, clock)
                .verify(leaked, SALE, ALICE));

        clock.advance(SharedAdmissionKeys.VERIFIED_AFTER.plus(SharedAdmissionKeys.REMOVED_AFTER));
        keys.removeFormer();
        assertThat(hasPrivateHalf(expired)).isFalse();
        assertThat(node(one).rotations()).hasSize(1);
        assertThat(hasPrivateHalf(expired)).isFalse();
    }

    @Test
    void nodes_that_remove_a_key_at_once_leave_it_removed_and_archived_once() throws Exception {
        List<SharedAdmissionKeys> nodes =
                IntStream.range(0, 6).mapToObj(i -> node(null)).toList();
        String former = nodes.getFirst().signing().getKeyID();
        byte[] secret = nodes.getFirst().secret(AdmissionKeys.ADDRESSES);
        nodes.getFirst().rotate();
        nodes.forEach(SharedAdmissionKeys::read);
        clock.advance(SharedAdmissionKeys.PUBLISHED_BEFORE
                .plus(SharedAdmissionKeys.VERIFIED_AFTER)
                .plus(SharedAdmissionKeys.REMOVED_AFTER));

        assertThat(Races.failures(Races.together(6, node -> () -> {
                    nodes.get(node).removeFormer();
                    return node;
                })))
                .isEmpty();

        assertThat(hasPrivateHalf(former)).isFalse();
        assertThat(jdbc.queryForList("SELECT key_id FROM admission_key_archive", String.class))
                .containsExactly(former);
        assertThat(node(null).secret(AdmissionKeys.ADDRESSES)).isEqualTo(secret);
    }

    /** Whether the master key would open a private half of that key anywhere in the database. */
    private boolean hasPrivateHalf(String keyId) {
        boolean archived = jdbc.queryForList("SELECT public_key FROM admission_key_archive", String.class).stream()
                .anyMatch(key -> key.contains("\"d\""));
        return archived
                || jdbc
                        .queryForList("SELECT wrapped_key FROM admission_key WHERE key_id = ?", String.class, keyId)
                        .stream()
                        .map(wrapped ->
                                wrapping.unwrap(keyId, Base64.getDecoder().decode(wrapped)))
                        .anyMatch(key -> new String(key, StandardCharsets.UTF_8).contains("\"d\""));
    }

    /** Holds up one thread between its reading of the rows and whatever it does with them. */
    private static final class HeldReading extends JdbcTemplate {

        private final CountDownLatch rowsRead = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);
        private volatile @Nullable Thread held;

        HeldReading(DataSource database) {
            super(database);
        }

        void holdReadingsOf(Thread thread) {
            held = thread;
        }

        void awaitRowsRead() throws InterruptedException {
            assertThat(rowsRead.await(10, TimeUnit.SECONDS)).isTrue();
        }

        void goOn() {
            mayGoOn.countDown();
        }

        @Override
        public <T> List<T> query(String sql, RowMapper<T> mapper) {
            List<T> rows = super.query(sql, mapper);
            if (Thread.currentThread().equals(held)) {
                rowsRead.countDown();
                try {
                    assertThat(mayGoOn.await(10, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return rows;
        }
    }

    private Path file(String name) {
        Path file = folder.resolve(name).resolve("admission-key.json");
        StoredAdmissionKeys.inFile(file);
        return file;
    }

    private SharedAdmissionKeys node(@Nullable Path file) {
        return started(wrapping, file);
    }

    private SharedAdmissionKeys started(KeyWrapping with, @Nullable Path file) {
        SharedAdmissionKeys keys = new SharedAdmissionKeys(
                new AdmissionKeyTable(jdbc, new DataSourceTransactionManager(database)), with, file, clock);
        keys.start();
        return keys;
    }

    private String sign(AdmissionTokens tokens) {
        Instant now = clock.instant();
        return tokens.sign(new Admission("id-1", SALE, ALICE, now, now.plus(TOKEN_LIFE)));
    }

    private static void verify(AdmissionTokens tokens, String token) {
        assertThat(tokens.verify(token, SALE, ALICE).id()).isEqualTo("id-1");
    }

    private static String keyOf(String token) {
        try {
            return SignedJWT.parse(token).getHeader().getKeyID();
        } catch (java.text.ParseException e) {
            throw new AssertionError(e);
        }
    }
}
