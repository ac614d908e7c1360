package dev.onsale.proof.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
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

    public static final String FORMAT = "onsale.receipt.v1";

    /**
     * @param head the newest seal
     * @param keys public keys that may have signed the seals, as JSON Web Keys
     * @param unproven positions of events under seals of version 1, for which there is no path
     */
    @JsonPropertyOrder({"format", "saleKey", "buyer", "issuedAt", "head", "keys", "facts", "seals", "unproven"})
    public record Body(
            String format,
            String saleKey,
            String buyer,
            String issuedAt,
            ExportLine.Sealed head,
            List<String> keys,
            List<Fact> facts,
            List<SealProof> seals,
            List<Long> unproven) {

        public Body {
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
}
