package dev.onsale.proof.seal;

import java.util.ArrayList;
import java.util.List;

/**
 * Hashes and proofs of RFC 9162, section 2.1. The data of a leaf is a digest of 32 bytes. Nodes come from outside, so a
 * tree may be in memory or in a table.
 */
public final class MerkleTree {

    /** Digests of complete subtrees: node (level, index) covers the leaves index * 2^level to (index + 1) * 2^level - 1. */
    public interface Nodes {
        Digest at(int level, long index);
    }

    /** Takes nodes as they become complete. */
    public interface NodeSink {
        void put(int level, long index, Digest digest);
    }

    private final Nodes nodes;
    private final long size;

    public MerkleTree(Nodes nodes, long size) {
        this.nodes = nodes;
        this.size = size;
    }

    /** A tree in memory over the given data. */
    public static MerkleTree of(List<Digest> data) {
        List<List<Digest>> levels = new ArrayList<>();
        levels.add(data.stream().map(MerkleTree::leaf).toList());
        while (levels.getLast().size() > 1) {
            List<Digest> below = levels.getLast();
            List<Digest> level = new ArrayList<>();
            for (int index = 0; index + 1 < below.size(); index += 2) {
                level.add(join(below.get(index), below.get(index + 1)));
            }
            levels.add(level);
        }
        return new MerkleTree((level, index) -> levels.get(level).get(Math.toIntExact(index)), data.size());
    }

    public static Digest leaf(Digest data) {
        return Digest.ofRaw(new byte[] {0}, data.bytes());
    }

    public static Digest join(Digest left, Digest right) {
        return Digest.ofRaw(new byte[] {1}, left.bytes(), right.bytes());
    }

    public Digest root() {
        return size == 0 ? Digest.ofRaw() : range(0, size);
    }

    /** PATH(index, D[size]). */
    public List<Digest> inclusion(long index) {
        List<Digest> path = new ArrayList<>();
        path(index, 0, size, path);
        return path;
    }

    /** PROOF(older, D[size]); empty if older is 0 or the size. */
    public List<Digest> consistency(long older) {
        List<Digest> proof = new ArrayList<>();
        if (older > 0 && older < size) {
            subproof(older, 0, size, true, proof);
        }
        return proof;
    }

    /** The complete subtrees of the tree, the largest first. They determine the root and all later roots. */
    public List<Digest> frontier() {
        List<Digest> frontier = new ArrayList<>();
        long start = 0;
        for (int level = Long.SIZE - 2; level >= 0; level--) {
            if ((size >> level & 1) == 1) {
                frontier.add(nodes.at(level, start >> level));
                start += 1L << level;
            }
        }
        return frontier;
    }

    /** The root of a tree of which only the complete subtrees are known, the largest first. */
    public static Digest rootOf(List<Digest> frontier) {
        if (frontier.isEmpty()) {
            return Digest.ofRaw();
        }
        Digest root = frontier.getLast();
        for (int index = frontier.size() - 2; index >= 0; index--) {
            root = join(frontier.get(index), root);
        }
        return root;
    }

    /** The complete subtrees after one more leaf. */
    public static List<Digest> append(List<Digest> frontier, long size, Digest data, NodeSink sink) {
        List<Digest> after = new ArrayList<>(frontier);
        Digest node = leaf(data);
        long index = size;
        int level = 0;
        sink.put(level, index, node);
        while ((index & 1) == 1) {
            node = join(after.removeLast(), node);
            index >>= 1;
            sink.put(++level, index, node);
        }
        after.add(node);
        return List.copyOf(after);
    }

    private Digest range(long start, long count) {
        if (Long.bitCount(count) == 1) {
            int level = Long.numberOfTrailingZeros(count);
            return nodes.at(level, start >> level);
        }
        long left = split(count);
        return join(range(start, left), range(start + left, count - left));
    }

    private void path(long index, long start, long count, List<Digest> path) {
        if (count <= 1) {
            return;
        }
        long left = split(count);
        if (index < left) {
            path(index, start, left, path);
            path.add(range(start + left, count - left));
        } else {
            path(index - left, start + left, count - left, path);
            path.add(range(start, left));
        }
    }

    private void subproof(long older, long start, long count, boolean whole, List<Digest> proof) {
        if (older == count) {
            if (!whole) {
                proof.add(range(start, count));
            }
            return;
        }
        long left = split(count);
        if (older <= left) {
            subproof(older, start, left, whole, proof);
            proof.add(range(start + left, count - left));
        } else {
            subproof(older - left, start + left, count - left, false, proof);
            proof.add(range(start, left));
        }
    }

    /** The largest power of two below the count. */
    private static long split(long count) {
        return Long.highestOneBit(count - 1);
    }
}
