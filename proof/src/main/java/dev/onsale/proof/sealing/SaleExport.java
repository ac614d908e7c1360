package dev.onsale.proof.sealing;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.proof.AdmissionRecords;
import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.LogRows;
import dev.onsale.proof.seal.SealedSale;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes the sealed log of one sale. Sealed events never change, so only the extent of the export is read in one
 * transaction.
 */
@Component
class SaleExport {

    private static final int EVENTS_AT_ONCE = 500;
    private static final int SEALS_AT_ONCE = 1_000;
    private static final int ROWS_AT_ONCE = 1_000;
    private static final int UNSEALED_ROWS_MAX = 20_000;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final SealStore store;
    private final LogRows rows;
    private final Clock clock;
    private final Optional<AdmissionRecords> admissions;
    private final @Nullable SealKey key;
    private final TransactionTemplate snapshot;

    SaleExport(
            DataSource dataSource,
            SealStore store,
            SealSettings settings,
            Clock clock,
            ObjectProvider<AdmissionRecords> admissions) {
        this.store = store;
        this.admissions = Optional.ofNullable(admissions.getIfAvailable());
        this.rows = new LogRows(JdbcClient.create(dataSource));
        this.clock = clock;
        this.key = settings.keyFile() == null ? null : SealKey.inFile(settings.keyFile());
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.snapshot.setReadOnly(true);
    }

    /** The extent of an export, read in one transaction. */
    record Extent(ExportLine.Header header, long saleNo, ExportLine.Proof proof) {}

    /** @throws RefusedException with {@code SALE_NOT_FOUND} */
    Extent extent(String saleKey) {
        return Objects.requireNonNull(snapshot.execute(status -> {
            SealStore.Sale sale = store.sale(saleKey)
                    .filter(found -> found.sealed().events() > 0)
                    .orElseThrow(() -> new RefusedException(
                            RefusalCode.SALE_NOT_FOUND, "Sale " + saleKey + " has no sealed event"));
            StoredSeal head = store.head().orElseThrow();
            SealedSale sealed = sale.sealed();
            return new Extent(
                    ExportLine.Header.of(
                            saleKey,
                            head.seal().number(),
                            sealed.events(),
                            isComplete(saleKey, head.seal().lastPosition()),
                            clock.instant().toString(),
                            store.keys()),
                    sale.no(),
                    ExportLine.Proof.of(
                            store.leaf(sealed.bucket()), store.tree().path(sealed.bucket())));
        }));
    }

    /** Whether the sale has no event after the given position. */
    private boolean isComplete(String saleKey, long sealedTo) {
        long position = sealedTo;
        for (int looked = 0; looked < UNSEALED_ROWS_MAX; looked += ROWS_AT_ONCE) {
            List<LogRow> unsealed = rows.after(position, ROWS_AT_ONCE);
            if (unsealed.stream().anyMatch(row -> SaleKeys.of(row).equals(saleKey))) {
                return false;
            }
            if (unsealed.size() < ROWS_AT_ONCE) {
                return true;
            }
            position = unsealed.getLast().position();
        }
        return false;
    }

    /** Writes the compressed lines and closes the stream. */
    void write(Extent extent, OutputStream out) {
        try {
            writeTo(extent, out);
        } catch (IOException readerGone) {
            throw new UncheckedIOException(readerGone);
        }
    }

    private void writeTo(Extent extent, OutputStream out) throws IOException {
        try (GZIPOutputStream compressed = new GZIPOutputStream(out, BUFFER_BYTES)) {
            Lines lines = new Lines(compressed);
            lines.write(extent.header());
            long firstPosition = writeEvents(extent, lines);
            writeAdmissions(extent.header().saleKey(), lines);
            writeSeals(firstPosition, extent.header().seal(), lines);
            lines.write(extent.proof());
            lines.end(key);
        }
    }

    private long writeEvents(Extent extent, Lines lines) throws IOException {
        long firstPosition = 0;
        long number = 0;
        while (number < extent.header().events()) {
            List<ExportLine> page =
                    store.events(extent.saleNo(), number, extent.header().events(), EVENTS_AT_ONCE);
            if (page.isEmpty()) {
                // Rows of the chain are missing. The check of the export reports them.
                break;
            }
            for (ExportLine line : page) {
                if (firstPosition == 0) {
                    firstPosition = line instanceof ExportLine.Event event
                            ? event.position()
                            : ((ExportLine.Missing) line).position();
                }
                lines.write(line);
            }
            number = page.getLast() instanceof ExportLine.Event event
                    ? event.number()
                    : ((ExportLine.Missing) page.getLast()).number();
        }
        return firstPosition;
    }

    private void writeAdmissions(String saleKey, Lines lines) throws IOException {
        AtomicLong number = new AtomicLong();
        try {
            admissions.ifPresent(records -> records.tell(saleKey, record -> {
                try {
                    lines.write(ExportLine.Admission.of(number.incrementAndGet(), record));
                } catch (IOException readerGone) {
                    throw new UncheckedIOException(readerGone);
                }
            }));
        } catch (UncheckedIOException readerGone) {
            throw readerGone.getCause();
        }
    }

    private void writeSeals(long firstPosition, long last, Lines lines) throws IOException {
        long number =
                store.over(firstPosition).map(stored -> stored.seal().number()).orElse(1L) - 1;
        while (number < last) {
            List<StoredSeal> page = store.after(number, SEALS_AT_ONCE).stream()
                    .filter(stored -> stored.seal().number() <= last)
                    .toList();
            if (page.isEmpty()) {
                return;
            }
            for (StoredSeal stored : page) {
                lines.write(ExportLine.Sealed.of(stored.seal(), stored.digest(), stored.keyId(), stored.signature()));
            }
            number = page.getLast().seal().number();
        }
    }

    /** Counts the lines and computes their digest while writing them. */
    private static final class Lines {

        private final MessageDigest sha256;
        private final DigestOutputStream out;
        private long count;

        Lines(OutputStream out) {
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("SHA-256 is part of every Java platform", e);
            }
            this.out = new DigestOutputStream(out, sha256);
        }

        void write(ExportLine line) throws IOException {
            out.write((ExportFormat.render(line) + "\n").getBytes(StandardCharsets.UTF_8));
            count++;
        }

        void end(@Nullable SealKey key) throws IOException {
            Digest digest = Digest.of(sha256.digest());
            write(ExportLine.End.of(
                    count, digest, key == null ? null : key.id(), key == null ? null : key.sign(digest)));
            out.flush();
        }
    }
}
