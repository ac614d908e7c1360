package dev.onsale.proof.sealing;

import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.SaleTree;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.seal.SealedSale;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** Makes proofs about the sales and the seals as they were after any seal. Reads; to be called in one transaction. */
@Component
class SaleProofs {

    /** Published states in one export: one for each hour, the newest ones. */
    private static final int HOURS_MAX = 200;

    private final SealStore store;
    private final TreeStore trees;

    SaleProofs(SealStore store, TreeStore trees) {
        this.store = store;
        this.trees = trees;
    }

    ExportLine.Frontier frontier(long size) {
        return ExportLine.Frontier.of(size, trees.seals(size).frontier());
    }

    ExportLine.Proof sale(String saleKey, StoredSeal at) {
        return sale(saleKey, at.seal());
    }

    ExportLine.RoomProof room(String saleKey, StoredSeal at) {
        return room(saleKey, at.seal());
    }

    /** The state of a sale at the wanted seals and at the last seal of each hour. */
    List<ExportLine.Anchor> anchors(String saleKey, long firstSeal, long newest, List<Long> wanted) {
        TreeSet<Long> numbers = new TreeSet<>(store.lastOfEachHour(firstSeal, newest, HOURS_MAX));
        wanted.stream().filter(number -> number <= newest).forEach(numbers::add);
        List<ExportLine.Anchor> anchors = new ArrayList<>();
        for (long number : numbers) {
            store.seal(number).ifPresent(stored -> anchors.add(anchor(saleKey, firstSeal, stored)));
        }
        return anchors;
    }

    private ExportLine.Anchor anchor(String saleKey, long firstSeal, StoredSeal stored) {
        Seal seal = stored.seal();
        boolean older = seal.number() < firstSeal;
        return ExportLine.Anchor.of(
                seal.number(),
                older ? line(stored) : null,
                older ? trees.seals(firstSeal - 1).inclusion(seal.number() - 1) : List.of(),
                sale(saleKey, seal),
                room(saleKey, seal));
    }

    static ExportLine.Sealed line(StoredSeal stored) {
        return ExportLine.Sealed.of(stored.seal(), stored.digest(), stored.keyId(), stored.signature());
    }

    private ExportLine.Proof sale(String saleKey, Seal seal) {
        int bucket = bucket(SealedSale.digestOf(saleKey));
        return ExportLine.Proof.of(leaf(bucket, seal), path(bucket, seal));
    }

    private ExportLine.RoomProof room(String saleKey, Seal seal) {
        int bucket = bucket(SealedSale.digestOfRoom(saleKey));
        return ExportLine.RoomProof.of(leaf(bucket, seal), path(bucket, seal));
    }

    private static int bucket(Digest place) {
        return new SealedSale(place, 0, Digest.ZERO).bucket();
    }

    private List<Digest> path(int bucket, Seal seal) {
        if (seal.tree() == null) {
            SaleTree tree = trees.salesUpTo(seal.lastPosition());
            return tree.path(bucket);
        }
        return trees.path(bucket, seal.number());
    }

    private List<SealedSale> leaf(int bucket, Seal seal) {
        List<SealedSale> leaf = new ArrayList<>();
        for (SealStore.Sale sale : store.salesOf(bucket)) {
            boolean room = RecordStore.isRoom(sale.key());
            // Links of a room have the number of their seal where links of a sale have the position of their event.
            long number = store.lastNumberUpTo(sale, room ? seal.number() : seal.lastPosition());
            if (number > 0) {
                leaf.add(new SealedSale(sale.sealed().sale(), number, store.link(sale.no(), number)));
            }
        }
        return leaf;
    }
}
