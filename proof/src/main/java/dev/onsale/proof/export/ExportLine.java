package dev.onsale.proof.export;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.seal.SealedSale;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of an export: one header, the events with what stands for lost ones, the admissions if the sale had a waiting
 * room, the seals, one proof, one end. Digests are hexadecimal, instants ISO 8601.
 */
public sealed interface ExportLine {

    String FORMAT = "onsale.sale-log.v1";

    String kind();

    /**
     * @param saleKey performance or campaign
     * @param seal number of the newest seal: the export ends with it
     * @param events events of the sale up to that seal
     * @param complete whether the sale had no further event that was not sealed yet
     * @param exportedAt when
     * @param keys public keys that seals and end may be signed with, JSON Web Keys
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
     * @param number within the sale, from 1
     * @param link the sale's chain with this event
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

    /** An event that was sealed and is no longer in the store. */
    @JsonPropertyOrder({"kind", "number", "position", "link"})
    record Missing(String kind, long number, long position, String link) implements ExportLine {

        public static Missing of(long number, long position, Digest link) {
            return new Missing("missing", number, position, link.toString());
        }
    }

    /**
     * One record of the waiting room, in the order in which it told them.
     *
     * @param number among the records, from 1
     * @param entry the record as the waiting room told it, JSON; see {@link dev.onsale.api.proof.AdmissionRecords}
     */
    @JsonPropertyOrder({"kind", "number", "entry"})
    record Admission(String kind, long number, String entry) implements ExportLine {

        public static Admission of(long number, String entry) {
            return new Admission("admission", number, entry);
        }
    }

    /**
     * @param seal digest of the other values
     * @param keyId which key signed it, if any
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

        /** The values as a seal; their digest should be {@code seal}. */
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
     * That the sale is in the tree of the newest seal.
     *
     * @param leaf the sales of its leaf
     * @param path siblings from the leaf to the root
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
     * @param lines lines before this one
     * @param digest SHA-256 over those lines, each with its line feed
     * @param keyId which key signed it, if any
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
