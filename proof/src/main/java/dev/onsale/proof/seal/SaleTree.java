package dev.onsale.proof.seal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A Merkle tree of fixed depth over all sales. Each of its 65,536 leaves holds the sales whose digest begins with the
 * leaf's number, so each sale has exactly one leaf. The leaf covers the number of a sale's events; a proof with fewer
 * events does not match the root. Not thread-safe.
 */
public final class SaleTree {

    /** Number of sibling digests in a proof. */
    public static final int DEPTH = 16;

    public static final int BUCKETS = 1 << DEPTH;

    /** By level, from the root. */
    private static final List<Digest> EMPTY = emptyLevels();

    /** Node 1 is the root; the children of n are 2n and 2n+1; leaf b is {@link #BUCKETS} + b. */
    private final Digest[] nodes = new Digest[2 * BUCKETS];

    /** Creates a tree without sales. */
    public SaleTree() {
        Digest below = bucket(List.of());
        for (int from = BUCKETS; from >= 1; from /= 2) {
            Arrays.fill(nodes, from, 2 * from, below);
            below = join(below, below);
        }
        nodes[0] = Digest.ZERO;
    }

    /** The digest of a leaf. */
    public static Digest bucket(Collection<SealedSale> sales) {
        Digest.Builder digest = Digest.over("onsale.bucket.v1").put(sales.size());
        sales.stream()
                .sorted(Comparator.comparing(sale -> sale.sale().toString()))
                .forEach(sale -> digest.put(sale.sale()).put(sale.events()).put(sale.head()));
        return digest.digest();
    }

    /** Replaces leaves. Returns the nodes that were computed, with the leaves. */
    public Map<Integer, Digest> set(Map<Integer, Digest> leaves) {
        TreeSet<Integer> parents = new TreeSet<>();
        Map<Integer, Digest> computed = new TreeMap<>();
        leaves.forEach((bucket, digest) -> {
            nodes[BUCKETS + bucket] = digest;
            computed.put(BUCKETS + bucket, digest);
            parents.add((BUCKETS + bucket) / 2);
        });
        // The highest node number first: both children are computed before their parent.
        for (Integer node = parents.pollLast(); node != null && node >= 1; node = parents.pollLast()) {
            nodes[node] = join(nodes[2 * node], nodes[2 * node + 1]);
            computed.put(node, nodes[node]);
            parents.add(node / 2);
        }
        return computed;
    }

    public Digest leaf(int bucket) {
        return nodes[BUCKETS + bucket];
    }

    public SaleTree copy() {
        SaleTree copy = new SaleTree();
        System.arraycopy(nodes, 0, copy.nodes, 0, nodes.length);
        return copy;
    }

    /** The nodes that are not those of an empty tree, by number. */
    public Map<Integer, Digest> occupied() {
        Map<Integer, Digest> occupied = new TreeMap<>();
        for (int node = 1; node < nodes.length; node++) {
            if (!nodes[node].equals(emptyNode(node))) {
                occupied.put(node, nodes[node]);
            }
        }
        return occupied;
    }

    /** The digest of a node of an empty tree. */
    public static Digest emptyNode(int node) {
        return EMPTY.get(Integer.SIZE - 1 - Integer.numberOfLeadingZeros(node));
    }

    private static List<Digest> emptyLevels() {
        List<Digest> levels = new ArrayList<>();
        Digest below = bucket(List.of());
        for (int level = DEPTH; level >= 0; level--) {
            levels.addFirst(below);
            below = join(below, below);
        }
        return List.copyOf(levels);
    }

    public Digest root() {
        return nodes[1];
    }

    /** The sibling digests from a leaf to the root. */
    public List<Digest> path(int bucket) {
        List<Digest> path = new ArrayList<>(DEPTH);
        for (int node = BUCKETS + bucket; node > 1; node /= 2) {
            path.add(nodes[node ^ 1]);
        }
        return path;
    }

    /** Computes the root from a leaf and its sibling digests. */
    public static Digest rootOf(int bucket, Digest leaf, List<Digest> path) {
        Digest digest = leaf;
        int node = BUCKETS + bucket;
        for (Digest sibling : path) {
            digest = node % 2 == 0 ? join(digest, sibling) : join(sibling, digest);
            node /= 2;
        }
        return digest;
    }

    private static Digest join(Digest left, Digest right) {
        return Digest.over("onsale.node.v1").put(left).put(right).digest();
    }
}
