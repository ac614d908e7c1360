package dev.onsale.waitingroom.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
}
