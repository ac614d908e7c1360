package dev.onsale.proof.export;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.seal.SealedSale;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of an export. The order is: one header; the events, with a placeholder for each lost event; the admissions,
 * if the sale had a waiting room; the seals; one proof; one end. Digests are hexadecimal. Instants are ISO 8601.
 */
public sealed interface ExportLine {

    String FORMAT = "onsale.sale-log.v1";

    String kind();

    /**
     * @param saleKey key of the performance or campaign
     * @param seal number of the newest seal, with which the export ends
     * @param events number of the sale's events up to that seal
     * @param complete whether every stored event of the sale was sealed
     * @param exportedAt when the export was written
     * @param keys public keys that may have signed the seals and the end, as JSON Web Keys
     */
    @JsonPropertyOrder({"kind", "format", "saleKey", "seal", "events", "complete", "exportedAt", "keys"})
    record Header(
            String kind,
            String format,
            String saleKey,
            long seal,
            long events,
            boolean complete,
            String exportedAt,
            List<String> keys)
            implements ExportLine {

        public Header {
            keys = List.copyOf(keys);
        }

        public static Header of(
                String saleKey, long seal, long events, boolean complete, String exportedAt, List<String> keys) {
            return new Header("header", FORMAT, saleKey, seal, events, complete, exportedAt, keys);
        }
    }

    /**
     * @param number number of the event within the sale, from 1
     * @param link link of the sale's hash chain after this event
     */
    @JsonPropertyOrder({
        "kind",
        "number",
        "position",
        "eventId",
        "aggregateType",
        "aggregateId",
        "sequence",
        "type",
        "revision",
        "timestamp",
        "payload",
        "metaData",
        "link"
    })
    record Event(
            String kind,
            long number,
            long position,
            String eventId,
            String aggregateType,
            String aggregateId,
            long sequence,
            String type,
            @Nullable String revision,
            String timestamp,
            String payload,
            @Nullable String metaData,
            String link)
            implements ExportLine {

        public static Event of(long number, LogRow row, Digest link) {
            return new Event(
                    "event",
                    number,
                    row.position(),
                    row.eventId(),
                    row.aggregateType(),
                    row.aggregateId(),
                    row.sequence(),
                    row.type(),
                    row.revision(),
                    row.timestamp(),
                    row.payload(),
                    row.metaData(),
                    link.toString());
        }

        public LogRow row() {
            return new LogRow(
                    position,
                    eventId,
                    aggregateType,
                    aggregateId,
                    sequence,
                    type,
                    revision,
                    timestamp,
                    payload,
                    metaData);
        }
    }

    /** A sealed event that is no longer in the store. */
    @JsonPropertyOrder({"kind", "number", "position", "link"})
    record Missing(String kind, long number, long position, String link) implements ExportLine {

        public static Missing of(long number, long position, Digest link) {
            return new Missing("missing", number, position, link.toString());
        }
    }

    /**
     * One record of the waiting room. Records keep the order in which they were published.
     *
     * @param number number of the record, from 1
     * @param entry the record as the waiting room published it, JSON; see {@link dev.onsale.api.proof.AdmissionRecords}
     */
    @JsonPropertyOrder({"kind", "number", "entry"})
    record Admission(String kind, long number, String entry) implements ExportLine {

        public static Admission of(long number, String entry) {
            return new Admission("admission", number, entry);
        }
    }

    /**
     * @param seal digest of the other values
     * @param keyId id of the key that signed the seal; absent if the seal is not signed
     * @param signature ES256 over the bytes of {@code seal}, base64url
     */
    @JsonPropertyOrder({
        "kind",
        "number",
        "previous",
        "firstPosition",
        "lastPosition",
        "events",
        "log",
        "sales",
        "sealedAt",
        "seal",
        "keyId",
        "signature"
    })
    record Sealed(
            String kind,
            long number,
            String previous,
            long firstPosition,
            long lastPosition,
            long events,
            String log,
            String sales,
            String sealedAt,
            String seal,
            @Nullable String keyId,
            @Nullable String signature)
            implements ExportLine {

        public static Sealed of(Seal seal, Digest digest, @Nullable String keyId, @Nullable String signature) {
            return new Sealed(
                    "seal",
                    seal.number(),
                    seal.previous().toString(),
                    seal.firstPosition(),
                    seal.lastPosition(),
                    seal.events(),
                    seal.log().toString(),
                    seal.sales().toString(),
                    seal.sealedAt(),
                    digest.toString(),
                    keyId,
                    signature);
        }

        /** The values as a seal. Its digest should equal {@code seal}. */
        public Seal values() {
            return new Seal(
                    number,
                    Digest.ofHex(previous),
                    firstPosition,
                    lastPosition,
                    events,
                    Digest.ofHex(log),
                    Digest.ofHex(sales),
                    sealedAt);
        }
    }

    /**
     * Merkle proof that the sale is in the tree of the newest seal.
     *
     * @param leaf the sales in the sale's leaf
     * @param path digests of the siblings from the leaf to the root
     */
    @JsonPropertyOrder({"kind", "leaf", "path"})
    record Proof(String kind, List<Entry> leaf, List<String> path) implements ExportLine {

        /** One sale of the leaf. */
        @JsonPropertyOrder({"sale", "events", "head"})
        public record Entry(String sale, long events, String head) {}

        public Proof {
            leaf = List.copyOf(leaf);
            path = List.copyOf(path);
        }

        public static Proof of(List<SealedSale> leaf, List<Digest> path) {
            return new Proof(
                    "proof",
                    leaf.stream()
                            .map(sale -> new Entry(
                                    sale.sale().toString(),
                                    sale.events(),
                                    sale.head().toString()))
                            .toList(),
                    path.stream().map(Digest::toString).toList());
        }
    }

    /**
     * @param lines number of lines before this one
     * @param digest SHA-256 over those lines, each with its line feed
     * @param keyId id of the key that signed the export; absent if the export is not signed
     * @param signature ES256 over the bytes of {@code digest}, base64url
     */
    @JsonPropertyOrder({"kind", "lines", "digest", "keyId", "signature"})
    record End(
            String kind,
            long lines,
            String digest,
            @Nullable String keyId,
            @Nullable String signature) implements ExportLine {

        public static End of(long lines, Digest digest, @Nullable String keyId, @Nullable String signature) {
            return new End("end", lines, digest.toString(), keyId, signature);
        }
    }
}
