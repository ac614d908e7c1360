package dev.onsale.waitingroom.token;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.waitingroom.HandMovedClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredAdmissionKeysTest {

    @TempDir
    Path folder = Path.of("set by JUnit");

    @Test
    void a_file_that_is_absent_is_created_for_its_owner_alone_and_read_again() throws Exception {
        Path file = folder.resolve("keys").resolve("admission.json");

        StoredAdmissionKeys created = StoredAdmissionKeys.inFile(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(StoredAdmissionKeys.inFile(file).signing()).isEqualTo(created.signing());
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void nodes_that_start_at_once_end_with_one_key() throws Exception {
        Path file = folder.resolve("admission.json");
        ExecutorService nodes = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> keyIds = IntStream.range(0, 8)
                    .mapToObj(node -> nodes.submit(
                            () -> StoredAdmissionKeys.inFile(file).signing().getKeyID()))
                    .toList();
            String first = keyIds.get(0).get(30, TimeUnit.SECONDS);
            for (Future<String> keyId : keyIds) {
                assertThat(keyId.get(30, TimeUnit.SECONDS)).isEqualTo(first);
            }
        } finally {
            nodes.shutdownNow();
        }
    }

    @Test
    void a_file_without_a_usable_key_stops_the_start_and_its_content_is_not_told() throws Exception {
        Path file = folder.resolve("admission.json");
        Files.writeString(file, "secret rubbish");

        assertThatIllegalStateException()
                .isThrownBy(() -> StoredAdmissionKeys.inFile(file))
                .withNoCause()
                .withMessageNotContaining("rubbish");
        Files.writeString(file, "{\"keys\":[]}");
        assertThatIllegalStateException().isThrownBy(() -> StoredAdmissionKeys.inFile(file));
    }

    @Test
    void a_key_is_rotated_by_a_new_one_in_front_and_what_the_old_one_signed_stays_good_until_it_is_dropped()
            throws Exception {
        Path file = folder.resolve("admission.json");
        HandMovedClock clock = new HandMovedClock();
        StoredAdmissionKeys before = StoredAdmissionKeys.inFile(file);
        Admission admission = new Admission(
                "id-1", "sale-1", BuyerId.of("alice"), HandMovedClock.NOON, HandMovedClock.NOON.plusSeconds(600));
        String token = new AdmissionTokens(before, clock).sign(admission);
        ECKey next = StoredAdmissionKeys.inMemory().signing();

        Files.writeString(file, new JWKSet(List.of(next, before.signing())).toString(false));
        StoredAdmissionKeys rotated = StoredAdmissionKeys.inFile(file);
        AdmissionTokens tokens = new AdmissionTokens(rotated, clock);

        assertThat(tokens.verify(token, "sale-1", admission.buyer())).isEqualTo(admission);
        String fresh = tokens.sign(admission);
        assertThat(SignedJWT.parse(fresh).getHeader().getKeyID()).isEqualTo(next.getKeyID());
        assertThat(rotated.accepted().toPublicJWKSet().getKeys())
                .extracting(JWK::getKeyID)
                .containsExactly(next.getKeyID(), before.signing().getKeyID());

        Files.writeString(file, new JWKSet(next).toString(false));
        AdmissionTokens without = new AdmissionTokens(StoredAdmissionKeys.inFile(file), clock);
        assertThat(without.verify(fresh, "sale-1", admission.buyer())).isEqualTo(admission);
        assertRefused(RefusalCode.ADMISSION_TOKEN_INVALID, () -> without.verify(token, "sale-1", admission.buyer()));
    }
}
