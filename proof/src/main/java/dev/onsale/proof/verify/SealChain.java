package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportLine;
import org.jspecify.annotations.Nullable;

/**
 * Checks the seals of a file: each against its predecessor, the tree over all of them, and its signature. Not thread-safe.
 */
final class SealChain {

    private final Tampering tampering;
    private final Anchors anchors;
    private final EventTimes times;
    private final boolean signaturesWanted;
    private ExportLine.@Nullable Sealed last;
    private @Nullable Hash lastDigest;
    private Merkle.@Nullable Growing tree;
    private long signed;
    private long unsigned;
    private long count;
    private long treesChecked;
    private @Nullable Long firstEvent;

    SealChain(Tampering tampering, Anchors anchors, EventTimes times, boolean signaturesWanted) {
        this.tampering = tampering;
        this.anchors = anchors;
        this.times = times;
        this.signaturesWanted = signaturesWanted;
    }

    /** The tree over the seals before the file's first one; checks the older anchors against it. */
    void on(ExportLine.Frontier frontier, long at, Keys keys) {
        try {
            Merkle.Growing grown = new Merkle.Growing(frontier.size(), Hash.of(frontier.nodes()));
            tree = grown;
            for (ExportLine.Anchor older : anchors.older()) {
                older(older, grown, keys);
            }
        } catch (IllegalArgumentException wrong) {
            tampering.add("The frontier (line " + at + ") is damaged: " + wrong.getMessage());
        }
    }

    private void older(ExportLine.Anchor line, Merkle.Growing grown, Keys keys) {
        ExportLine.Sealed seal = line.seal();
        if (seal == null) {
            return;
        }
        String name = "Anchor " + line.number();
        try {
            Hash digest = Hash.seal(seal);
            if (seal.number() != line.number() || !digest.equals(Hash.parse(seal.seal()))) {
                tampering.add(name + " is not the digest of its own values");
            }
            Hash root = Merkle.rootOfInclusion(digest, seal.number() - 1, grown.size(), Hash.of(line.inclusion()));
            if (!root.equals(grown.root())) {
                tampering.add(name + " is not in the tree over the seals");
            }
            requireSignature(seal, digest, name, keys);
            anchors.on(seal, digest);
        } catch (IllegalArgumentException wrong) {
            tampering.add(name + " is damaged: " + wrong.getMessage());
        }
    }

    /** To be called before the seals. */
    void firstEvent(long position) {
        firstEvent = position;
    }

    void on(ExportLine.Sealed seal, long at, Keys keys) {
        count++;
        String name = "Seal " + seal.number() + " (line " + at + ")";
        Hash digest;
        try {
            digest = Hash.seal(seal);
        } catch (IllegalArgumentException notOne) {
            tampering.add(name + " has an invalid digest");
            return;
        }
        if (!digest.equals(Hash.parse(seal.seal()))) {
            tampering.add(name + " is not the digest of its own values");
        }
        requireFollows(seal, name);
        requireTree(seal, digest, name);
        requireSignature(seal, digest, name, keys);
        times.seal(seal.number(), seal.lastPosition(), seal.sealedAt());
        anchors.on(seal, digest);
        last = seal;
        lastDigest = digest;
    }

    private void requireFollows(ExportLine.Sealed seal, String name) {
        ExportLine.Sealed before = last;
        Long first = firstEvent;
        if (before == null && first != null && (first < seal.firstPosition() || first > seal.lastPosition())) {
            tampering.add(name + " is the first of the file and does not cover the first event, at position " + first);
        }
        if (before != null
                && (seal.number() != before.number() + 1
                        || !String.valueOf(lastDigest).equals(seal.previous())
                        || seal.firstPosition() <= before.lastPosition()
                        || (before.tree() != null && seal.tree() == null))) {
            tampering.add(name + " does not follow seal " + before.number());
        }
    }

    private void requireTree(ExportLine.Sealed seal, Hash digest, String name) {
        Merkle.Growing grown = tree;
        if (grown == null) {
            return;
        }
        if (grown.size() != seal.number() - 1) {
            tampering.add(name + " comes after " + grown.size() + " seals");
            tree = null;
            return;
        }
        if (seal.tree() != null) {
            treesChecked++;
            if (!grown.root().equals(Hash.parse(seal.tree()))) {
                tampering.add(name + " has another tree over the seals before it");
            }
        }
        grown.add(digest);
    }

    private void requireSignature(ExportLine.Sealed seal, Hash digest, String name, Keys keys) {
        String signer = seal.keyId();
        if (signer == null) {
            unsigned++;
            if (seal.signature() != null) {
                tampering.add(name + " has a signature without a key");
            } else if (signaturesWanted) {
                tampering.add(name + " is not signed, although trusted keys were given");
            }
            return;
        }
        signed++;
        if (!keys.has(signer)) {
            tampering.add(name + " is signed by key " + signer + ", which is not trusted");
        } else if (!keys.verifies(digest, signer, seal.signature())) {
            tampering.add(name + " has an invalid signature");
        }
    }

    ExportLine.@Nullable Sealed last() {
        return last;
    }

    @Nullable
    Hash lastDigest() {
        return lastDigest;
    }

    long count() {
        return count;
    }

    long signed() {
        return signed;
    }

    long unsigned() {
        return unsigned;
    }

    /** Number of seals whose tree over all earlier seals was computed again. */
    long treesChecked() {
        return treesChecked;
    }
}
