package dev.onsale.proof.sealing;

import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.MerkleTree;
import dev.onsale.proof.seal.SaleTree;
import dev.onsale.proof.seal.Seal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process knows of the newest seal from its own work: its digest and both trees. What other processes sealed
 * and what the tables had at the start is taken over only if the signatures and roots agree. Not thread-safe.
 */
final class TrustedHead {

    private static final Logger log = LoggerFactory.getLogger(TrustedHead.class);
    private static final int SEALS_AT_ONCE = 1_000;

    private final SealStore seals;
    private final TreeStore trees;
    private final @Nullable SealKey key;
    private final HeadFile file;
    private final RewriteSearch search;
    private boolean known;
    private long number;
    private long lastPosition;
    private Digest digest = Digest.ZERO;
    private List<Digest> frontier = List.of();
    private SaleTree sales = new SaleTree();

    TrustedHead(SealStore seals, TreeStore trees, @Nullable SealKey key, HeadFile file, RewriteSearch search) {
        this.seals = seals;
        this.trees = trees;
        this.key = key;
        this.file = file;
        this.search = search;
    }

    boolean isKnown() {
        return known;
    }

    long number() {
        return number;
    }

    long lastPosition() {
        return lastPosition;
    }

    Digest digest() {
        return digest;
    }

    /** Root of the tree over all seals up to the newest. */
    Digest treeRoot() {
        return MerkleTree.rootOf(frontier);
    }

    SaleTree sales() {
        return sales;
    }

    /**
     * Requires that the stored seals continue what is known.
     *
     * @throws SealMismatchException if not
     */
    void follow(Optional<StoredSeal> head) {
        if (!known) {
            start(head);
            return;
        }
        long stored = head.map(seal -> seal.seal().number()).orElse(0L);
        if (stored < number) {
            throw new SealMismatchException("The newest stored seal is " + stored + ", and seal " + number
                    + " was signed: the database went back, or seals were removed");
        }
        StoredSeal newest = head.orElse(null);
        if (newest != null && stored == number) {
            if (!newest.digest().equals(digest) || !newest.seal().digest().equals(digest)) {
                throw new SealMismatchException(
                        "Seal " + number + " was " + digest + " and is " + newest.digest() + " now: it was rewritten");
            }
        } else if (newest != null) {
            takeOver(newest);
        }
    }

    /** Other processes sealed since. */
    private void takeOver(StoredSeal newest) {
        List<Digest> grown = frontier;
        long at = number;
        Digest before = digest;
        while (at < newest.seal().number()) {
            List<StoredSeal> page = page(at);
            if (page.isEmpty()) {
                throw new SealMismatchException("Seal " + (at + 1) + " is missing");
            }
            for (StoredSeal next : page) {
                requireFollows(next, at, before, MerkleTree.rootOf(grown), true);
                grown = MerkleTree.append(grown, at, next.digest(), (level, index, node) -> {});
                at = next.seal().number();
                before = next.digest();
            }
        }
        SaleTree changed = sales.copy();
        changed.set(trees.leavesChangedAfter(number));
        requireSales(newest.seal(), changed);
        remember(newest.seal(), newest.digest(), grown, changed);
    }

    private void start(Optional<StoredSeal> head) {
        Optional<HeadFile.Head> signed = file.read();
        long stored = head.map(seal -> seal.seal().number()).orElse(0L);
        if (signed.isPresent() && signed.get().number() > stored) {
            throw new SealMismatchException("The newest stored seal is " + stored + ", and this node signed seal "
                    + signed.get().number() + ": the database went back, or seals were removed");
        }
        if (head.isEmpty()) {
            known = true;
            return;
        }
        StoredSeal newest = head.get();
        requireValid(newest, signed.isPresent() || seals.everSigned());
        signed.ifPresent(mine -> requireDescendant(mine, newest));
        List<Digest> grown = newest.seal().tree() == null ? fromFirst(newest) : stored(newest);
        SaleTree tree = seals.tree();
        requireSales(newest.seal(), tree);
        remember(newest.seal(), newest.digest(), grown, tree);
    }

    private List<StoredSeal> page(long after) {
        SupervisedWork.progress();
        return seals.after(after, SEALS_AT_ONCE);
    }

    private void requireDescendant(HeadFile.Head mine, StoredSeal newest) {
        long at = mine.number();
        Digest before = mine.seal();
        StoredSeal same =
                seals.seal(at).orElseThrow(() -> new SealMismatchException("Seal " + mine.number() + " is missing"));
        if (!same.seal().digest().equals(mine.seal())) {
            throw new SealMismatchException(
                    "This node signed seal " + at + " as " + before + ", and it is " + same.digest() + " now");
        }
        while (at < newest.seal().number()) {
            for (StoredSeal next : page(at)) {
                requireFollows(next, at, before, null, true);
                at = next.seal().number();
                before = next.digest();
            }
        }
    }

    /** The complete subtrees with the newest seal, from the stored nodes, if they lead to the root that it signed. */
    private List<Digest> stored(StoredSeal newest) {
        long before = newest.seal().number() - 1;
        MerkleTree tree = trees.seals(before);
        if (!tree.root().equals(newest.seal().tree())) {
            throw new SealMismatchException("The stored tree over the seals does not lead to the root in seal "
                    + newest.seal().number());
        }
        return MerkleTree.append(tree.frontier(), before, newest.digest(), (level, index, node) -> {});
    }

    /** Seals of version 1 have no tree yet. Computes it from the first seal on and stores its nodes. */
    private List<Digest> fromFirst(StoredSeal newest) {
        List<Digest> grown = List.of();
        Digest before = Digest.ZERO;
        long at = 0;
        boolean signed = false;
        while (at < newest.seal().number()) {
            List<TreeStore.Node> nodes = new ArrayList<>();
            for (StoredSeal next : page(at)) {
                requireFollows(next, at, before, null, signed);
                signed |= next.keyId() != null;
                grown = MerkleTree.append(
                        grown,
                        at,
                        next.digest(),
                        (level, index, node) -> nodes.add(new TreeStore.Node(level, index, node)));
                at = next.seal().number();
                before = next.digest();
            }
            if (nodes.isEmpty()) {
                throw new SealMismatchException("Seal " + (at + 1) + " is missing");
            }
            trees.insert(nodes);
        }
        log.info("The tree over the {} seals of version 1 was computed", at);
        return grown;
    }

    private void requireFollows(
            StoredSeal next, long number, Digest before, @Nullable Digest tree, boolean mustBeSigned) {
        Seal seal = next.seal();
        requireValid(next, mustBeSigned);
        if (seal.number() != number + 1
                || !seal.previous().equals(before)
                || (tree != null && !tree.equals(seal.tree()))) {
            throw new SealMismatchException("Seal " + seal.number() + " does not follow seal " + number);
        }
    }

    /** @param mustBeSigned if this node has a key; a log that was sealed without one may have got the key later */
    private void requireValid(StoredSeal stored, boolean mustBeSigned) {
        long at = stored.seal().number();
        if (!stored.seal().digest().equals(stored.digest())) {
            throw new SealMismatchException("Seal " + at + " is not the digest of its own values");
        }
        if (key == null) {
            return;
        }
        String signer = stored.keyId();
        if (signer == null) {
            if (mustBeSigned) {
                throw new SealMismatchException("Seal " + at + " is not signed, and this node has a key: the seal was"
                        + " forged or has lost its signature, or another node runs without the key");
            }
        } else if (!key.knows(signer)) {
            throw new SealMismatchException("Seal " + at + " was signed by key " + signer + ", which is not in the key"
                    + " file of this node. All nodes must have the same keys; keep the public parts of old keys there");
        } else if (!key.hasSigned(stored.digest(), signer, stored.signature())) {
            throw new SealMismatchException("The signature of seal " + at + " is invalid");
        }
    }

    private void requireSales(Seal seal, SaleTree tree) {
        if (!tree.root().equals(seal.sales())) {
            throw new SealMismatchException("The stored heads of the sales do not lead to the root in seal "
                    + seal.number() + ". " + search.find());
        }
    }

    /** Takes over a seal that this process made or verified. */
    void remember(Seal seal, Digest sealed, List<Digest> grown, SaleTree tree) {
        known = true;
        number = seal.number();
        lastPosition = seal.lastPosition();
        digest = sealed;
        frontier = grown;
        sales = tree;
    }

    /** The next step starts from the tables again. */
    void forget() {
        known = false;
        number = 0;
        lastPosition = 0;
        digest = Digest.ZERO;
        frontier = List.of();
        sales = new SaleTree();
    }

    /** The complete subtrees with one more seal. */
    List<Digest> with(Digest sealed, MerkleTree.NodeSink sink) {
        return MerkleTree.append(frontier, number, sealed, sink);
    }
}
