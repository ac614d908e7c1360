package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.LogRows;
import dev.onsale.proof.seal.MerkleTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The leaves of sealed blocks, which never change. Keeps the last ones. Thread-safe. Blocks. */
@Component
class SealedBlocks {

    private static final int BLOCKS_MAX = 16;
    private static final int ROWS_AT_ONCE = 1_000;

    private final LogRows rows;
    private final RecordStore records;
    private final Map<Digest, Block> blocks = new LinkedHashMap<>(BLOCKS_MAX, 0.75f, true);

    SealedBlocks(DataSource dataSource, RecordStore records) {
        this.rows = new LogRows(JdbcClient.create(dataSource));
        this.records = records;
    }

    /**
     * @param positions of the events, which are the first leaves
     * @param leaves hashes of events and records
     */
    record Block(MerkleTree tree, List<Long> positions, List<Digest> leaves) {

        long size() {
            return leaves.size();
        }

        List<String> path(long index) {
            return tree.inclusion(index).stream().map(Digest::toString).toList();
        }

        int indexOf(long position) {
            return positions.indexOf(position);
        }
    }

    /** @throws IllegalStateException if the stored events are not those that were sealed */
    Block of(StoredSeal seal) {
        synchronized (blocks) {
            Block known = blocks.get(seal.digest());
            if (known != null) {
                return known;
            }
        }
        Block read = read(seal);
        synchronized (blocks) {
            blocks.put(seal.digest(), read);
            if (blocks.size() > BLOCKS_MAX) {
                blocks.remove(blocks.keySet().iterator().next());
            }
        }
        return read;
    }

    private Block read(StoredSeal seal) {
        List<Long> positions = new ArrayList<>();
        List<Digest> leaves = new ArrayList<>();
        long after = seal.seal().firstPosition() - 1;
        long last = seal.seal().lastPosition();
        while (after < last) {
            List<LogRow> page = rows.after(after, ROWS_AT_ONCE);
            page.stream().filter(row -> row.position() <= last).forEach(row -> {
                positions.add(row.position());
                leaves.add(row.digest());
            });
            after = page.size() < ROWS_AT_ONCE ? last : page.getLast().position();
        }
        leaves.addAll(records.leaves(seal.seal().number()));
        MerkleTree tree = MerkleTree.of(leaves);
        if (!tree.root().equals(seal.seal().log())) {
            throw new IllegalStateException(
                    "The events of seal " + seal.seal().number() + " are not those that were sealed");
        }
        return new Block(tree, List.copyOf(positions), List.copyOf(leaves));
    }
}
