package dev.onsale.proof.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.seal.SealedSale;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of an export. The order is: one header; the anchors; the events, with a placeholder for each lost event; the
 * records of the waiting room; one frontier; the seals; one proof; one proof of the waiting room; one end. Version 1 has
 * neither anchors nor frontier nor a proof of the waiting room. docs/proof.md has the specification. Digests are hexadecimal. Instants are ISO 8601.
 */
public sealed interface ExportLine {

    String FORMAT = "onsale.sale-log.v2";

    String FORMAT_1 = "onsale.sale-log.v1";

    String kind();

    /**
     * @param saleKey key of the performance or campaign
     * @param seal number of the newest seal, with which the export ends
     * @param events number of the sale's events up to that seal
     * @param records number of the records of its waiting room up to that seal; absent in version 1
     * @param complete whether every stored event of the sale was sealed
     * @param exportedAt when the export was written
     * @param keys public keys that may have signed the seals and the end, as JSON Web Keys
     */
    @JsonPropertyOrder({"kind", "format", "saleKey", "seal", "events", "records", "complete", "exportedAt", "keys"})
    record Header(
            String kind,
            String format,
            String saleKey,
            long seal,
            long events,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long records,

            boolean complete,
            String exportedAt,
            List<String> keys)
            implements ExportLine {

        public Header {
            keys = List.copyOf(keys);
        }

        public static Header of(
                String saleKey,
                long seal,
                long events,
                long records,
                boolean complete,
                String exportedAt,
                List<String> keys) {
            return new Header("header", FORMAT, saleKey, seal, events, records, complete, exportedAt, keys);
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
        "records",
        "log",
        "sales",
        "tree",
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

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long records,

            String log,
            String sales,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String tree,

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
                    seal.tree() == null ? null : seal.records(),
                    seal.log().toString(),
                    seal.sales().toString(),
                    seal.tree() == null ? null : seal.tree().toString(),
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
                    records == null ? 0 : records,
                    Digest.ofHex(log),
                    Digest.ofHex(sales),
                    tree == null ? null : Digest.ofHex(tree),
                    sealedAt);
        }
    }

    /**
     * The state of the sale at an earlier seal.
     *
     * @param number number of the seal
     * @param seal the seal itself if it is older than the seals of the file
     * @param inclusion path from that seal to the root of the frontier; empty if {@code seal} is absent
     * @param leaf the sales in the sale's leaf after that seal
     * @param path digests of the siblings from the leaf to the root
     * @param roomLeaf as {@code leaf}, for the waiting room
     * @param roomPath as {@code path}, for the waiting room
     */
    @JsonPropertyOrder({"kind", "number", "seal", "inclusion", "leaf", "path", "roomLeaf", "roomPath"})
    record Anchor(
            String kind,
            long number,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Sealed seal,

            List<String> inclusion,
            List<Proof.Entry> leaf,
            List<String> path,
            List<Proof.Entry> roomLeaf,
            List<String> roomPath)
            implements ExportLine {

        public Anchor {
            inclusion = List.copyOf(inclusion);
            leaf = List.copyOf(leaf);
            path = List.copyOf(path);
            roomLeaf = List.copyOf(roomLeaf);
            roomPath = List.copyOf(roomPath);
        }

        public static Anchor of(
                long number, @Nullable Sealed seal, List<Digest> inclusion, Proof sale, RoomProof room) {
            return new Anchor(
                    "anchor",
                    number,
                    seal,
                    inclusion.stream().map(Digest::toString).toList(),
                    sale.leaf(),
                    sale.path(),
                    room.leaf(),
                    room.path());
        }
    }

    /**
     * The tree over the seals before the first seal of the file.
     *
     * @param size number of those seals
     * @param nodes roots of the complete subtrees, the largest first
     */
    @JsonPropertyOrder({"kind", "size", "nodes"})
    record Frontier(String kind, long size, List<String> nodes) implements ExportLine {

        public Frontier {
            nodes = List.copyOf(nodes);
        }

        public static Frontier of(long size, List<Digest> nodes) {
            return new Frontier(
                    "frontier", size, nodes.stream().map(Digest::toString).toList());
        }
    }

    /** As {@link Proof}, for the waiting room of the sale; a leaf without it proves that there was none. */
    @JsonPropertyOrder({"kind", "leaf", "path"})
    record RoomProof(String kind, List<Proof.Entry> leaf, List<String> path) implements ExportLine {

        public RoomProof {
            leaf = List.copyOf(leaf);
            path = List.copyOf(path);
        }

        public static RoomProof of(List<SealedSale> leaf, List<Digest> path) {
            Proof same = Proof.of(leaf, path);
            return new RoomProof("roomProof", same.leaf(), same.path());
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
