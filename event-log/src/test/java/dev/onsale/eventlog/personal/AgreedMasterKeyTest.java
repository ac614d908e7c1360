package dev.onsale.eventlog.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.onsale.api.BuyerId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.personal.ErasedBy;
import dev.onsale.api.personal.SealedText;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

@Tag("services")
class AgreedMasterKeyTest {

    private static final String ONE =
            Base64.getEncoder().encodeToString(Aead.newKey().getEncoded());
    private static final String OTHER =
            Base64.getEncoder().encodeToString(Aead.newKey().getEncoded());

    private final MysqlDataSource database = new MysqlDataSource();

    @TempDir
    private Path folder;

    @BeforeEach
    void migrate() {
        TestDatabase fresh = TestDatabase.fresh();
        database.setUrl(fresh.jdbcUrl());
        database.setUser(fresh.user());
        database.setPassword(fresh.password());
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/event-log")
                .load()
                .migrate();
    }

    private AgreedMasterKey started(@Nullable String masterKey, @Nullable Path file) {
        return started(settings(masterKey, null, file));
    }

    private AgreedMasterKey started(PersonalDataSettings settings) {
        AgreedMasterKey agreed = new AgreedMasterKey(database, settings);
        agreed.afterSingletonsInstantiated();
        return agreed;
    }

    private static PersonalDataSettings settings(
            @Nullable String masterKey, @Nullable String former, @Nullable Path file) {
        return new PersonalDataSettings(masterKey, former, file, Duration.ZERO, 100);
    }

    private PersonalKeys keys(AgreedMasterKey agreed) {
        return new PersonalKeys(JdbcClient.create(database), agreed, settings(ONE, null, null), Clock.systemUTC());
    }

    private SecretSeal seal(AgreedMasterKey agreed) {
        return new SecretSeal(JdbcClient.create(database), agreed);
    }

    @Test
    void secrets_of_other_parts_are_opened_by_all_nodes_and_after_a_change_of_the_master_key() {
        byte[] secret = {1, 2, 3};
        SecretSeal first = seal(started(ONE, null));
        byte[] sealed = first.seal("admission", "key-1", secret);
        assertThat(seal(started(ONE, null)).open("admission", "key-1", sealed)).isEqualTo(secret);

        SecretSeal changed = seal(started(settings(OTHER, ONE, null)));

        assertThat(changed.open("admission", "key-1", sealed)).isEqualTo(secret);
        assertThatThrownBy(() -> changed.open("admission", "key-2", sealed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> changed.open("other", "key-1", sealed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> started(ONE, null)).hasMessageContaining("master key");
    }

    @Test
    void without_a_master_key_no_secret_can_be_sealed() {
        SecretSeal none = seal(started((String) null, null));

        assertThat(none.isAvailable()).isFalse();
        assertThatThrownBy(() -> none.seal("admission", "key-1", new byte[] {1}))
                .hasMessageContaining("onsale.personal-data.master-key is not set");
    }

    @Test
    void a_new_master_key_opens_what_was_sealed_under_the_former_one_which_then_opens_nothing() {
        BuyerId alice = BuyerId.of("alice");
        BuyerId bob = BuyerId.of("bob");
        ReservationId reservation = ReservationId.next();
        PersonalKeys before = keys(started(ONE, null));
        SealedText token = new PersonalData(before).sealCardToken(alice, reservation, "tok_1");
        new PersonalData(before).sealCardToken(bob, reservation, "tok_2");
        before.erase(bob, ErasedBy.BUYER, null);

        PersonalKeys after = keys(started(settings(OTHER, ONE, null)));
        assertThat(new PersonalData(after).openCardToken(alice, reservation, token))
                .contains("tok_1");
        assertThat(started(settings(OTHER, ONE, null)).get().fingerprint())
                .as("the next start, with the settings as they were")
                .isEqualTo(started(OTHER, null).get().fingerprint());
        assertThatThrownBy(() -> started(ONE, null)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new PersonalData(before).openCardToken(alice, reservation, token))
                .hasMessageContaining("was not wrapped for its row");
    }

    @Test
    void a_node_with_another_master_key_does_not_start_and_one_with_the_same_does() {
        MasterKey first = started(ONE, null).get();
        assertThat(started(ONE, null).get().fingerprint()).isEqualTo(first.fingerprint());
        assertThatThrownBy(() -> started(OTHER, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(first.fingerprint())
                .hasMessageContaining("onsale.personal-data.master-key")
                .hasMessageNotContaining(ONE)
                .hasMessageNotContaining(OTHER);
        assertThatThrownBy(() -> started(null, null))
                .hasMessageContaining("this node has none: set onsale.personal-data.master-key");
    }

    @Test
    void the_file_is_made_at_the_first_start_for_its_owner_alone_and_missed_later() throws IOException {
        Path file = folder.resolve("new/personal-data.key");
        String made = started(null, file).get().fingerprint();
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(started(null, file).get().fingerprint()).isEqualTo(made);

        Files.delete(file);
        assertThatThrownBy(() -> started(null, file)).hasMessageContaining(file + " is missing, put it back");
        assertThat(file).as("no new one is made for data of another").doesNotExist();
    }

    @Test
    void nodes_that_start_at_once_agree_on_one_file() throws InterruptedException {
        Path file = folder.resolve("personal-data.key");
        List<Races.Outcome<String>> outcomes =
                Races.together(8, n -> () -> started(null, file).get().fingerprint());
        assertThat(Races.failures(outcomes)).isEmpty();
        assertThat(new HashSet<>(Races.returned(outcomes))).hasSize(1);
    }

    @Test
    void a_text_that_is_no_key_is_refused_without_being_quoted() {
        for (String text : List.of("secret", ONE.substring(4), "not base64 ***")) {
            assertThatThrownBy(() -> started(text, null))
                    .hasMessageContaining("is not the Base64 of 32 bytes")
                    .hasMessageNotContaining(text);
        }
    }

    @Test
    void without_a_master_key_a_node_starts_and_takes_no_personal_data() {
        AgreedMasterKey none = started(null, null);
        assertThatThrownBy(none::get).hasMessageContaining("onsale.personal-data.master-key is not set");
    }
}
