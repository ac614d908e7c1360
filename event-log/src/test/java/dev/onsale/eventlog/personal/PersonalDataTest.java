package dev.onsale.eventlog.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.onsale.api.BuyerId;
import dev.onsale.api.OperatorId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.personal.ContactDetails;
import dev.onsale.api.personal.ErasedBy;
import dev.onsale.api.personal.SealedText;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Real tables; each {@link PersonalKeys} is a node of its own. */
@Tag("services")
class PersonalDataTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final ReservationId RESERVATION = ReservationId.next();
    private static final ContactDetails CONTACT = new ContactDetails("Alice Ångström", "alice@example.org");
    private static final String TOKEN = "tok_4242_of_alice";
    private static final MysqlDataSource DATABASE = new MysqlDataSource();
    private static final MasterKey MASTER =
            MasterKey.ofText(Base64.getEncoder().encodeToString(Aead.newKey().getEncoded()), "the test");

    private final BuyerId alice = BuyerId.of("alice-" + UUID.randomUUID());
    private final PersonalKeys keys = node(Duration.ofMinutes(10));
    private final PersonalData personal = new PersonalData(keys);

    @BeforeAll
    static void migrate() {
        TestDatabase fresh = TestDatabase.fresh();
        DATABASE.setUrl(fresh.jdbcUrl());
        DATABASE.setUser(fresh.user());
        DATABASE.setPassword(fresh.password());
        Flyway.configure()
                .dataSource(DATABASE)
                .locations("classpath:db/migration/event-log")
                .load()
                .migrate();
    }

    private static PersonalKeys node(Duration keysCachedFor) {
        return new PersonalKeys(
                JdbcClient.create(DATABASE),
                () -> MASTER,
                new PersonalDataSettings(null, null, null, keysCachedFor, 100),
                Clock.fixed(NOON, ZoneOffset.UTC));
    }

    private long liveKeys() {
        return JdbcClient.create(DATABASE)
                .sql("SELECT COUNT(*) FROM personal_key WHERE buyer_id = ? AND live = TRUE")
                .param(alice.toString())
                .query(Long.class)
                .single();
    }

    @Test
    void what_is_sealed_is_opened_by_every_node_and_says_nothing_by_itself() {
        SealedText contact = personal.sealContact(alice, RESERVATION, CONTACT);
        SealedText token = personal.sealCardToken(alice, RESERVATION, TOKEN);
        PersonalData otherNode = new PersonalData(node(Duration.ZERO));

        assertThat(otherNode.openContact(alice, RESERVATION, contact)).contains(CONTACT);
        assertThat(otherNode.openCardToken(alice, RESERVATION, token)).contains(TOKEN);
        assertThat(contact.value()).matches("opd1\\.[0-9a-f-]{36}\\.[A-Za-z0-9_-]+");
        assertThat(personal.sealContact(alice, RESERVATION, CONTACT))
                .as("the same again looks different")
                .isNotEqualTo(contact);
        assertThat(liveKeys()).as("one key for all of it").isEqualTo(1);
    }

    @Test
    void a_sealed_text_opens_nowhere_but_in_its_own_place() {
        SealedText contact = personal.sealContact(alice, RESERVATION, CONTACT);
        BuyerId mallory = BuyerId.of("mallory-" + UUID.randomUUID());
        personal.sealContact(mallory, RESERVATION, CONTACT);

        assertThatThrownBy(() -> personal.openContact(alice, ReservationId.next(), contact))
                .as("another reservation")
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> personal.openCardToken(alice, RESERVATION, contact))
                .as("another property")
                .isInstanceOf(IllegalStateException.class);
        assertThat(personal.openContact(mallory, RESERVATION, contact))
                .as("another buyer has no such key")
                .isEmpty();
        assertThat(personal.openContact(alice, RESERVATION, contact))
                .as("and its owner still has it")
                .contains(CONTACT);
        String changed = contact.value().substring(0, contact.value().length() - 2)
                + (contact.value().endsWith("AA") ? "BB" : "AA");
        assertThatThrownBy(() -> personal.openContact(alice, RESERVATION, SealedText.of(changed)))
                .as("changed")
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_key_that_a_backup_brings_back_is_not_used_because_the_log_has_its_erasure() {
        SealedText contact = personal.sealContact(alice, RESERVATION, CONTACT);
        JdbcClient jdbc = JdbcClient.create(DATABASE);
        byte[] backup = jdbc.sql("SELECT wrapped_key FROM personal_key WHERE buyer_id = ?")
                .param(alice.toString())
                .query((row, number) -> row.getBytes(1))
                .single();
        Erasure erasure = keys.erase(alice, ErasedBy.BUYER, null).getFirst();
        jdbc.sql("UPDATE personal_key SET live = TRUE, wrapped_key = ? WHERE buyer_id = ?")
                .params(backup, alice.toString())
                .update();
        assertThat(new PersonalData(node(Duration.ZERO)).openContact(alice, RESERVATION, contact))
                .as("the table alone would bring it back")
                .contains(CONTACT);

        jdbc.sql("INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                        + " payload_type, payload_revision, payload) VALUES (?, ?, 0, 'PersonalKey', ?,"
                        + " 'onsale.personal-data-erased', '1', '{}')")
                .params(UUID.randomUUID().toString(), erasure.keyId().toString(), NOON.toString())
                .update();

        assertThat(new PersonalData(node(Duration.ZERO)).openContact(alice, RESERVATION, contact))
                .isEmpty();
    }

    @Test
    void a_backup_of_the_database_opens_nothing_without_the_master_key() {
        SealedText contact = personal.sealContact(alice, RESERVATION, CONTACT);
        MasterKey another = MasterKey.ofText(
                Base64.getEncoder().encodeToString(Aead.newKey().getEncoded()), "another key");
        PersonalData elsewhere = new PersonalData(new PersonalKeys(
                JdbcClient.create(DATABASE),
                () -> another,
                new PersonalDataSettings(null, null, null, Duration.ZERO, 100),
                Clock.fixed(NOON, ZoneOffset.UTC)));

        assertThatThrownBy(() -> elsewhere.openContact(alice, RESERVATION, contact))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void what_was_erased_stays_erased_and_a_new_purchase_gets_a_new_key() {
        SealedText before = personal.sealContact(alice, RESERVATION, CONTACT);

        List<Erasure> first = keys.erase(alice, ErasedBy.OPERATOR, OperatorId.of("olga"));
        assertThat(first).singleElement().satisfies(erasure -> {
            assertThat(erasure.erasedBy()).isEqualTo(ErasedBy.OPERATOR);
            assertThat(erasure.operator()).isEqualTo(OperatorId.of("olga"));
            assertThat(erasure.erasedAt()).isEqualTo(NOON);
            assertThat(before.value()).contains(erasure.keyId().toString());
        });
        assertThat(personal.openContact(alice, RESERVATION, before)).isEmpty();
        assertThat(keys.erase(alice, ErasedBy.BUYER, null)).as("a repeat").isEqualTo(first);

        SealedText after = personal.sealContact(alice, RESERVATION, CONTACT);
        assertThat(personal.openContact(alice, RESERVATION, after)).contains(CONTACT);
        assertThat(personal.openContact(alice, RESERVATION, before)).isEmpty();
        assertThat(after.value()).doesNotContain(first.getFirst().keyId().toString());
        assertThat(keys.erase(alice, ErasedBy.BUYER, null)).hasSize(2);
        assertThat(personal.openContact(alice, RESERVATION, after)).isEmpty();
    }

    @Test
    void the_row_of_an_erased_key_has_no_key_any_more() {
        personal.sealContact(alice, RESERVATION, CONTACT);
        keys.erase(alice, ErasedBy.BUYER, null);
        Optional<byte[]> wrapped = JdbcClient.create(DATABASE)
                .sql("SELECT wrapped_key FROM personal_key WHERE buyer_id = ?")
                .param(alice.toString())
                .query((row, number) -> Optional.ofNullable(row.getBytes(1)))
                .single();
        assertThat(wrapped).isEmpty();
    }

    @Test
    void who_never_gave_anything_has_nothing_to_erase() {
        assertThat(keys.erase(alice, ErasedBy.BUYER, null)).isEmpty();
        assertThat(liveKeys()).isZero();
    }

    @Test
    void another_node_forgets_an_erased_key_after_the_stated_time_and_never_seals_under_it() {
        PersonalKeys otherKeys = node(Duration.ofMillis(300));
        PersonalData other = new PersonalData(otherKeys);
        SealedText contact = personal.sealContact(alice, RESERVATION, CONTACT);
        assertThat(other.openContact(alice, RESERVATION, contact)).contains(CONTACT);

        List<Erasure> erased = keys.erase(alice, ErasedBy.BUYER, null);
        assertThat(other.sealContact(alice, RESERVATION, CONTACT).value())
                .doesNotContain(erased.getFirst().keyId().toString());
        Awaitility.await("the other node has forgotten the key")
                .atMost(Duration.ofSeconds(60))
                .until(() -> other.openContact(alice, RESERVATION, contact).isEmpty());
    }

    @Test
    void an_erasure_is_untold_until_the_log_has_it() {
        personal.sealContact(alice, RESERVATION, CONTACT);
        Erasure erasure = keys.erase(alice, ErasedBy.BUYER, null).getFirst();
        assertThat(keys.untold(1_000)).contains(erasure);
        keys.told(erasure.keyId());
        assertThat(keys.untold(1_000)).doesNotContain(erasure);
        assertThat(keys.erase(alice, ErasedBy.BUYER, null)).containsExactly(erasure);
        assertThat(keys.untold(1_000)).as("a repeat has nothing new to tell").doesNotContain(erasure);
    }

    @Test
    void nodes_that_make_the_key_of_a_person_at_once_end_with_one() throws InterruptedException {
        List<PersonalKeys> nodes =
                IntStream.range(0, 4).mapToObj(n -> node(Duration.ZERO)).toList();
        List<Races.Outcome<LiveKeys.NamedKey>> outcomes =
                Races.together(24, n -> () -> nodes.get(n % nodes.size()).toSealFor(alice));

        assertThat(Races.failures(outcomes)).isEmpty();
        Set<LiveKeys.NamedKey> made = new HashSet<>(Races.returned(outcomes));
        assertThat(made).hasSize(1);
        assertThat(liveKeys()).isEqualTo(1);
    }

    @Test
    void a_crowd_on_two_nodes_gets_a_key_each_and_those_who_come_again_get_theirs() throws InterruptedException {
        String crowd = UUID.randomUUID().toString();
        List<PersonalKeys> nodes = List.of(node(Duration.ZERO), node(Duration.ZERO));
        List<Races.Outcome<LiveKeys.NamedKey>> outcomes =
                Races.together(300, n -> () -> nodes.get(n % 2).toSealFor(BuyerId.of(crowd + "-" + n % 200)));

        assertThat(Races.failures(outcomes)).isEmpty();
        List<LiveKeys.NamedKey> keys = Races.returned(outcomes);
        assertThat(IntStream.range(0, keys.size())
                        .allMatch(n -> keys.get(n).owner().value().equals(crowd + "-" + n % 200)))
                .as("everybody got the own key")
                .isTrue();
        assertThat(new HashSet<>(keys)).as("the same one for each person").hasSize(200);
    }

    @Test
    void a_row_that_does_not_open_keeps_nobody_else_from_a_key() throws InterruptedException {
        personal.sealContact(alice, RESERVATION, CONTACT);
        JdbcClient.create(DATABASE)
                .sql("UPDATE personal_key SET wrapped_key = REVERSE(wrapped_key) WHERE buyer_id = ?")
                .param(alice.toString())
                .update();
        String crowd = UUID.randomUUID().toString();
        List<Races.Outcome<LiveKeys.NamedKey>> outcomes =
                Races.together(20, n -> () -> keys.toSealFor(n == 7 ? alice : BuyerId.of(crowd + "-" + n)));

        assertThat(Races.returned(outcomes)).hasSize(19);
        assertThat(Races.failures(outcomes)).singleElement().satisfies(failure -> assertThat(failure)
                .hasMessageContaining("was not wrapped for its row"));
    }

    @Test
    void an_erasure_beside_new_purchases_leaves_each_of_them_readable_or_erased_and_the_last_one_leaves_nothing()
            throws InterruptedException {
        List<PersonalData> nodes = IntStream.range(0, 4)
                .mapToObj(n -> new PersonalData(node(Duration.ZERO)))
                .toList();
        List<Races.Outcome<Optional<SealedText>>> outcomes = Races.together(40, n -> beside(n, nodes.get(n % 4)));

        assertThat(Races.failures(outcomes)).isEmpty();
        List<SealedText> texts =
                Races.returned(outcomes).stream().flatMap(Optional::stream).toList();
        assertThat(texts).hasSize(30);
        assertThat(liveKeys()).isLessThanOrEqualTo(1);
        assertThat(texts).allSatisfy(text -> assertThat(nodes.getFirst().openContact(alice, RESERVATION, text))
                .satisfiesAnyOf(opened -> assertThat(opened).contains(CONTACT), opened -> assertThat(opened)
                        .isEmpty()));

        List<Erasure> all = keys.erase(alice, ErasedBy.BUYER, null);
        assertThat(liveKeys()).isZero();
        assertThat(all).extracting(Erasure::keyId).doesNotHaveDuplicates();
        assertThat(texts).allSatisfy(text -> assertThat(nodes.getLast().openContact(alice, RESERVATION, text))
                .isEmpty());
    }

    /** Every fourth erases, the others buy. */
    private Callable<Optional<SealedText>> beside(int number, PersonalData node) {
        return () -> {
            if (number % 4 == 3) {
                node(Duration.ZERO).erase(alice, ErasedBy.BUYER, null);
                return Optional.empty();
            }
            return Optional.of(node.sealContact(alice, RESERVATION, CONTACT));
        };
    }
}
