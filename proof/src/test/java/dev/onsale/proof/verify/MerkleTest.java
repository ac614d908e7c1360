package dev.onsale.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.MerkleTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the sealer's tree proves, the verifier's own code must accept, and nothing else. */
class MerkleTest {

    private static final int SIZE_MAX = 35;

    private static final List<Digest> DATA = IntStream.range(0, SIZE_MAX)
            .mapToObj(number -> Digest.sha256(("leaf " + number).getBytes(StandardCharsets.UTF_8)))
            .toList();

    private static MerkleTree tree(int size) {
        return MerkleTree.of(DATA.subList(0, size));
    }

    private static Hash hash(Digest digest) {
        return Hash.of(digest.toString());
    }

    private static List<Hash> hashes(List<Digest> digests) {
        return digests.stream().map(MerkleTest::hash).toList();
    }

    @Test
    void every_leaf_of_every_tree_is_included_and_no_other() {
        for (int size = 1; size <= SIZE_MAX; size++) {
            Hash root = hash(tree(size).root());
            for (int index = 0; index < size; index++) {
                List<Hash> path = hashes(tree(size).inclusion(index));
                assertThat(Merkle.rootOfInclusion(hash(DATA.get(index)), index, size, path))
                        .isEqualTo(root);
                assertThat(Merkle.rootOfInclusion(hash(DATA.get((index + 1) % SIZE_MAX)), index, size, path))
                        .isNotEqualTo(root);
            }
        }
        assertThatThrownBy(() -> Merkle.rootOfInclusion(hash(DATA.getFirst()), 5, 5, List.of()))
                .hasMessageContaining("not in a tree");
        assertThatThrownBy(() -> Merkle.rootOfInclusion(hash(DATA.getFirst()), 0, 5, List.of()))
                .hasMessageContaining("too short");
    }

    @Test
    void any_two_trees_are_consistent_and_rewritten_ones_are_not() {
        for (int second = 1; second <= SIZE_MAX; second++) {
            for (int first = 0; first <= second; first++) {
                List<Hash> proof = hashes(tree(second).consistency(first));
                Hash older = hash(tree(first).root());
                Hash newer = hash(tree(second).root());
                assertThat(Merkle.isConsistent(first, second, older, newer, proof))
                        .as(first + " to " + second)
                        .isTrue();
                if (first > 0) {
                    assertThat(Merkle.isConsistent(first, second, hash(DATA.getFirst()), newer, proof))
                            .isFalse();
                }
            }
        }
        assertThat(Merkle.isConsistent(5, 4, Hash.ZERO, Hash.ZERO, List.of())).isFalse();
    }

    @Test
    void crafted_sizes_prove_nothing() {
        Hash root = hash(tree(3).root());
        List<Hash> proof = hashes(tree(3).consistency(2));
        for (long first : List.of(-1L, -2L, 0L, Long.MIN_VALUE, Long.MAX_VALUE)) {
            assertThat(Merkle.isConsistent(first, 3, hash(tree(2).root()), root, proof))
                    .as("first " + first)
                    .isFalse();
        }
        // A proof does not tell 3 from 4; the size of a tree is the number of its signed seal.
        for (long second : List.of(-1L, 0L, 1L, 1L << 40, Long.MAX_VALUE)) {
            assertThat(Merkle.isConsistent(2, second, hash(tree(2).root()), root, proof))
                    .as("second " + second)
                    .isFalse();
        }
        for (long size : List.of(-1L, 0L, 2L, 4L, Long.MAX_VALUE)) {
            assertThatThrownBy(() -> Merkle.rootOfInclusion(hash(DATA.get(2)), 2, size, hashes(tree(3).inclusion(2))))
                    .as("size " + size)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_tree_grows_from_its_complete_subtrees() {
        List<Digest> frontier = List.of();
        for (int size = 0; size < SIZE_MAX; size++) {
            assertThat(MerkleTree.rootOf(frontier)).isEqualTo(tree(size).root());
            assertThat(tree(size).frontier()).isEqualTo(frontier);
            Merkle.Growing growing = new Merkle.Growing(size, hashes(frontier));
            assertThat(growing.root()).isEqualTo(hash(tree(size).root()));
            growing.add(hash(DATA.get(size)));
            assertThat(growing.root()).isEqualTo(hash(tree(size + 1).root()));
            List<String> nodes = new ArrayList<>();
            frontier = MerkleTree.append(
                    frontier, size, DATA.get(size), (level, index, node) -> nodes.add(level + "/" + index));
            assertThat(nodes).contains("0/" + size);
        }
    }

    @Test
    void an_empty_tree_has_the_root_of_the_standard() {
        assertThat(tree(0).root()).hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
