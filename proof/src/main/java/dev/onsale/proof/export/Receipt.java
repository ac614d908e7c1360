package dev.onsale.proof.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of one buyer in one sale, with a proof for each fact. docs/proof.md has the specification.
 *
 * @param body {@link Body} as JSON, exactly as signed
 * @param keyId key that signed it; absent if the seals are not signed
 * @param signature ES256 over the SHA-256 of {@code body}, base64url
 */
@JsonPropertyOrder({"body", "keyId", "signature"})
public record Receipt(
        String body, @Nullable String keyId, @Nullable String signature) {

    public static final String FORMAT = "onsale.receipt.v2";

    /** Without {@link SoldOut}. */
    public static final String FORMAT_1 = "onsale.receipt.v1";

    /** Facts of a sale that name nobody. They are in every receipt of the sale. */
    public static final Set<String> OF_NOBODY = Set.of(
            "onsale.sale-opened",
            "onsale.sale-closed",
            "onsale.campaign-launched",
            "onsale.campaign-exhausted",
            "onsale.campaign-quantity-changed",
            "onsale.campaign-closed",
            "onsale.performance-called-off");

    /**
     * @param head the newest seal
     * @param keys public keys that may have signed the seals, as JSON Web Keys
     * @param facts about the buyer, and those of the sale that name nobody
     * @param unproven positions of events under seals of version 1, for which there is no path
     * @param soldOut when no seat of a category was left, in the order of the log; absent in version 1
     */
    @JsonPropertyOrder({
        "format",
        "saleKey",
        "buyer",
        "issuedAt",
        "head",
        "keys",
        "facts",
        "seals",
        "unproven",
        "soldOut"
    })
    public record Body(
            String format,
            String saleKey,
            String buyer,
            String issuedAt,
            ExportLine.Sealed head,
            List<String> keys,
            List<Fact> facts,
            List<SealProof> seals,
            List<Long> unproven,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<SoldOut> soldOut) {

        public Body {
            soldOut = soldOut == null ? null : List.copyOf(soldOut);
            keys = List.copyOf(keys);
            facts = List.copyOf(facts);
            seals = List.copyOf(seals);
            unproven = List.copyOf(unproven);
        }
    }

    /**
     * An event or a record of the waiting room.
     *
     * @param seal number of its seal
     * @param index its place in the block
     * @param size size of the block
     * @param path inclusion proof from it to the block's root
     */
    @JsonPropertyOrder({"seal", "index", "size", "path", "event", "record"})
    public record Fact(
            long seal,
            long index,
            long size,
            List<String> path,
            @JsonInclude(JsonInclude.Include.NON_NULL) ExportLine.@Nullable Event event,
            @JsonInclude(JsonInclude.Include.NON_NULL) ExportLine.@Nullable Admission record) {

        public Fact {
            path = List.copyOf(path);
        }
    }

    /**
     * @param inclusion path to the tree of the head; empty for the head itself
     */
    @JsonPropertyOrder({"seal", "inclusion"})
    public record SealProof(ExportLine.Sealed seal, List<String> inclusion) {

        public SealProof {
            inclusion = List.copyOf(inclusion);
        }
    }

    /**
     * A time in which every seat of a category was held or booked. It is the issuer's statement. Of the events that it
     * follows from the receipt proves that they are in the log, and not what they say: they name other buyers. The log of
     * the whole sale shows it.
     *
     * @param category name of the category in the seating plan
     * @param seats seats of the category
     * @param from time of the event that took the last seat
     * @param last that event; absent under a seal of version 1
     * @param until time of the event that gave a seat back; absent if none did up to the head
     * @param next that event; absent as {@code until}
     */
    @JsonPropertyOrder({"category", "seats", "from", "last", "until", "next"})
    public record SoldOut(
            String category,
            long seats,
            String from,
            @Nullable Place last,
            @Nullable String until,
            @Nullable Place next) {}

    /**
     * The place of an event in the log, without the event.
     *
     * @param event hash of the event
     * @param seal as in {@link Fact}, with the next three
     */
    @JsonPropertyOrder({"position", "event", "seal", "index", "size", "path"})
    public record Place(long position, String event, long seal, long index, long size, List<String> path) {

        public Place {
            path = List.copyOf(path);
        }
    }
}
