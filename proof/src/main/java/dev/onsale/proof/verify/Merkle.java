package dev.onsale.proof.verify;

import java.util.ArrayList;
import java.util.List;

/** Checks proofs of RFC 9162, sections 2.1.3.2 and 2.1.4.2, and grows a tree of which only the complete subtrees are known. */
final class Merkle {

    private Merkle() {}

    static Hash leaf(Hash data) {
        return Hash.raw(new byte[] {0}, data.bytes());
    }

    static Hash join(Hash left, Hash right) {
        return Hash.raw(new byte[] {1}, left.bytes(), right.bytes());
    }

    /**
     * The root to which an inclusion proof leads.
     *
     * @throws IllegalArgumentException if the proof cannot be one for that index and size
     */
    static Hash rootOfInclusion(Hash data, long index, long size, List<Hash> path) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("Leaf " + index + " is not in a tree of " + size);
        }
        long fn = index;
        long sn = size - 1;
        Hash root = leaf(data);
        for (Hash sibling : path) {
            if (sn == 0) {
                throw new IllegalArgumentException("The path is too long");
            }
            if ((fn & 1) == 1 || fn == sn) {
                root = join(sibling, root);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                root = join(root, sibling);
            }
            fn >>= 1;
            sn >>= 1;
        }
        if (sn != 0) {
            throw new IllegalArgumentException("The path is too short");
        }
        return root;
    }

    /** Whether a proof shows that the tree of the first size is the beginning of the tree of the second. */
    static boolean isConsistent(long first, long second, Hash firstRoot, Hash secondRoot, List<Hash> proof) {
        if (first == second) {
            return proof.isEmpty() && firstRoot.equals(secondRoot);
        }
        if (first < 0 || first > second) {
            return false;
        }
        if (first == 0) {
            return proof.isEmpty() && firstRoot.equals(Hash.raw());
        }
        List<Hash> path = new ArrayList<>(proof);
        if (Long.bitCount(first) == 1) {
            path.addFirst(firstRoot);
        }
        if (path.isEmpty()) {
            return false;
        }
        long fn = first - 1;
        long sn = second - 1;
        while ((fn & 1) == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        Hash fr = path.getFirst();
        Hash sr = path.getFirst();
        for (Hash node : path.subList(1, path.size())) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fr = join(node, fr);
                sr = join(node, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = join(sr, node);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && fr.equals(firstRoot) && sr.equals(secondRoot);
    }

    /** A tree of which the complete subtrees are known. Not thread-safe. */
    static final class Growing {

        private final List<Hash> nodes = new ArrayList<>();
        private long size;

        /** @throws IllegalArgumentException if a tree of that size has another number of complete subtrees */
        Growing(long size, List<Hash> nodes) {
            if (size < 0 || Long.bitCount(size) != nodes.size()) {
                throw new IllegalArgumentException("A tree of " + size + " has " + Long.bitCount(size) + " subtrees");
            }
            this.size = size;
            this.nodes.addAll(nodes);
        }

        long size() {
            return size;
        }

        void add(Hash data) {
            Hash node = leaf(data);
            for (long index = size; (index & 1) == 1; index >>= 1) {
                node = join(nodes.removeLast(), node);
            }
            nodes.add(node);
            size++;
        }

        Hash root() {
            if (nodes.isEmpty()) {
                return Hash.raw();
            }
            Hash root = nodes.getLast();
            for (int index = nodes.size() - 2; index >= 0; index--) {
                root = join(nodes.get(index), root);
            }
            return root;
        }
    }
}
