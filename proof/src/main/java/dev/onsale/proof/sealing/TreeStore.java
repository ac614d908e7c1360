package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.MerkleTree;
import dev.onsale.proof.seal.SaleTree;
import dev.onsale.proof.seal.SealedSale;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables of both trees. They serve proofs; what they say is compared with signed roots. */
@Component
class TreeStore {

    private static final int BATCH_SIZE = 500;

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    TreeStore(DataSource dataSource) {
        this.template = new JdbcTemplate(dataSource);
        this.jdbc = JdbcClient.create(template);
    }

    /** A complete subtree of the tree over the seals. */
    record Node(int level, long index, Digest digest) {}

    /** The tree over the first seals. Reads a node when it is needed. */
    MerkleTree seals(long size) {
        return new MerkleTree(this::node, size);
    }

    private Digest node(int level, long index) {
        return Digest.of(jdbc.sql("SELECT digest FROM seal_tree_node WHERE level = ? AND position = ?")
                .params(level, index)
                .query((row, at) -> row.getBytes(1))
                .single());
    }

    void insert(Collection<Node> nodes) {
        template.batchUpdate(
                "INSERT INTO seal_tree_node (level, position, digest) VALUES (?, ?, ?)"
                        + " ON DUPLICATE KEY UPDATE digest = VALUES(digest)",
                nodes,
                BATCH_SIZE,
                (statement, node) -> {
                    statement.setInt(1, node.level());
                    statement.setLong(2, node.index());
                    statement.setBytes(3, node.digest().bytes());
                });
    }

    /** Nodes of the tree of the sales that a seal changed. */
    void insert(long seal, Map<Integer, Digest> nodes) {
        template.batchUpdate(
                "INSERT INTO sale_tree_node (node, seal, digest) VALUES (?, ?, ?)",
                nodes.entrySet(),
                BATCH_SIZE,
                (statement, node) -> {
                    statement.setInt(1, node.getKey());
                    statement.setLong(2, seal);
                    statement.setBytes(3, node.getValue().bytes());
                });
    }

    /** The leaves that seals after the given one changed, as they are now. */
    Map<Integer, Digest> leavesChangedAfter(long seal) {
        Map<Integer, Digest> leaves = new HashMap<>();
        jdbc.sql("SELECT node, digest FROM sale_tree_node WHERE seal > ? AND node >= ? ORDER BY seal")
                .params(seal, SaleTree.BUCKETS)
                .query((row, index) -> leaves.put(row.getInt(1) - SaleTree.BUCKETS, Digest.of(row.getBytes(2))))
                .list();
        return leaves;
    }

    /** The sibling digests from a leaf of the sales to the root, as they were after a seal of version 2. */
    List<Digest> path(int bucket, long seal) {
        List<Digest> path = new ArrayList<>(SaleTree.DEPTH);
        for (int node = SaleTree.BUCKETS + bucket; node > 1; node /= 2) {
            path.add(saleNode(node ^ 1, seal));
        }
        return path;
    }

    private Digest saleNode(int node, long seal) {
        return jdbc
                .sql("SELECT digest FROM sale_tree_node WHERE node = ? AND seal <= ? ORDER BY seal DESC LIMIT 1")
                .params(node, seal)
                .query((row, index) -> Digest.of(row.getBytes(1)))
                .list()
                .stream()
                .findFirst()
                .orElseGet(() -> SaleTree.emptyNode(node));
    }

    /** The tree of the sales up to a position, computed from all links: for seals of version 1 only. */
    SaleTree salesUpTo(long position) {
        Map<Integer, List<SealedSale>> sales = new HashMap<>();
        jdbc.sql("SELECT s.sale_digest, e.number, e.link FROM (SELECT sale_no, MAX(number) AS number FROM sealed_event"
                        + " WHERE position <= ? GROUP BY sale_no) m JOIN sealed_sale s ON s.sale_no = m.sale_no AND"
                        + " s.sale_key NOT LIKE 'waiting-room/%' JOIN sealed_event e ON e.sale_no = m.sale_no AND"
                        + " e.number = m.number")
                .param(position)
                .query((row, index) ->
                        new SealedSale(Digest.of(row.getBytes(1)), row.getLong(2), Digest.of(row.getBytes(3))))
                .list()
                .forEach(sale -> sales.computeIfAbsent(sale.bucket(), bucket -> new ArrayList<>())
                        .add(sale));
        Map<Integer, Digest> leaves = new HashMap<>();
        sales.forEach((bucket, of) -> leaves.put(bucket, SaleTree.bucket(of)));
        SaleTree tree = new SaleTree();
        tree.set(leaves);
        return tree;
    }
}
