package dev.onsale.proof.sealing;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.LogRows;
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
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
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
    private static final int RECORDS_AT_ONCE = 1_000;
    private static final int ROOM_BLOCKS_MAX = 1_000;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final SealStore store;
    private final LogRows rows;
    private final Clock clock;
    private final SaleProofs proofs;
    private final RecordStore records;
    private final Sealer sealer;
    private final boolean seals;
    private final @Nullable SealKey key;
    private final TransactionTemplate snapshot;

    SaleExport(
            DataSource dataSource,
            SealStore store,
            SaleProofs proofs,
            RecordStore records,
            Sealer sealer,
            SealSettings settings,
            Clock clock) {
        this.store = store;
        this.proofs = proofs;
        this.records = records;
        this.sealer = sealer;
        this.seals = settings.enabled();
        this.rows = new LogRows(JdbcClient.create(dataSource));
        this.clock = clock;
        this.key = settings.keyFile() == null ? null : SealKey.inFile(settings.keyFile());
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.snapshot.setReadOnly(true);
    }

    /** The extent of an export, read in one transaction. */
    record Extent(
            ExportLine.Header header,
            long saleNo,
            long roomNo,
            long firstSeal,
            List<ExportLine.Anchor> anchors,
            ExportLine.Frontier frontier,
            ExportLine.Proof proof,
            ExportLine.RoomProof room) {}

    /**
     * @param anchors numbers of the seals at which the state of the sale is wanted too
     * @throws RefusedException with {@code SALE_NOT_FOUND} or {@code TEMPORARILY_UNAVAILABLE}
     */
    Extent extent(String saleKey, List<Long> anchors) {
        boolean whole = sealRoom(saleKey);
        return Objects.requireNonNull(snapshot.execute(status -> {
            SealStore.Sale sale = store.sale(saleKey)
                    .filter(found -> found.sealed().events() > 0)
                    .orElseThrow(() -> new RefusedException(
                            RefusalCode.SALE_NOT_FOUND, "Sale " + saleKey + " has no sealed event"));
            Optional<SealStore.Sale> room = store.sale(RecordStore.rowKey(saleKey));
            StoredSeal head = store.head()
                    .filter(newest -> newest.seal().tree() != null)
                    .orElseThrow(() -> new RefusedException(
                            RefusalCode.TEMPORARILY_UNAVAILABLE, "The seals of an older version are being taken over"));
            long first = store.over(store.position(sale.no(), 1))
                    .map(stored -> stored.seal().number())
                    .orElse(1L);
            return new Extent(
                    ExportLine.Header.of(
                            saleKey,
                            head.seal().number(),
                            sale.sealed().events(),
                            room.map(of -> of.sealed().events()).orElse(0L),
                            whole && isComplete(saleKey, head.seal().lastPosition()),
                            clock.instant().toString(),
                            store.keys()),
                    sale.no(),
                    room.map(SealStore.Sale::no).orElse(0L),
                    first,
                    proofs.anchors(saleKey, first, head.seal().number(), anchors),
                    proofs.frontier(first - 1),
                    proofs.sale(saleKey, head),
                    proofs.room(saleKey, head));
        }));
    }

    /** Whether all records of the waiting room are sealed. */
    private boolean sealRoom(String saleKey) {
        if (!seals) {
            return true;
        }
        try {
            return sealer.sealRoom(saleKey, ROOM_BLOCKS_MAX);
        } catch (SealMismatchException rewritten) {
            // The export shows what is there; its check finds the difference.
            return false;
        }
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
            for (ExportLine.Anchor anchor : extent.anchors()) {
                lines.write(anchor);
            }
            writeEvents(extent, lines);
            writeRecords(extent, lines);
            lines.write(extent.frontier());
            writeSeals(extent.firstSeal(), extent.header().seal(), lines);
            lines.write(extent.proof());
            lines.write(extent.room());
            lines.end(key);
        }
    }

    private void writeEvents(Extent extent, Lines lines) throws IOException {
        long number = 0;
        while (number < extent.header().events()) {
            List<ExportLine> page =
                    store.events(extent.saleNo(), number, extent.header().events(), EVENTS_AT_ONCE);
            if (page.isEmpty()) {
                // Rows of the chain are missing. The check of the export reports them.
                break;
            }
            for (ExportLine line : page) {
                lines.write(line);
            }
            number = page.getLast() instanceof ExportLine.Event event
                    ? event.number()
                    : ((ExportLine.Missing) page.getLast()).number();
        }
    }

    private void writeRecords(Extent extent, Lines lines) throws IOException {
        long last = Objects.requireNonNull(extent.header().records());
        long number = 0;
        while (number < last) {
            List<RecordStore.Sealed> page = records.page(extent.roomNo(), number, last, RECORDS_AT_ONCE);
            if (page.isEmpty()) {
                // Records are missing. The check of the export reports them.
                return;
            }
            for (RecordStore.Sealed record : page) {
                lines.write(ExportLine.Admission.of(record.number(), record.record()));
            }
            number = page.getLast().number();
        }
    }

    private void writeSeals(long first, long last, Lines lines) throws IOException {
        long number = first - 1;
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
