package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.LogRows;
import dev.onsale.proof.seal.MerkleTree;
import dev.onsale.proof.seal.Seal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the first place at which the tables differ from the seals. Reads the log from its start; for an alarm only. */
final class RewriteSearch {

    private static final Duration TIME_MAX = Duration.ofSeconds(30);
    private static final Duration REPEATED = Duration.ofMinutes(5);
    private static final int SEALS_AT_ONCE = 500;
    private static final int ROWS_AT_ONCE = 1_000;

    private final SealStore seals;
    private final RecordStore records;
    private final LogRows rows;
    private @Nullable String found;
    private long foundAt;

    RewriteSearch(SealStore seals, RecordStore records, LogRows rows) {
        this.seals = seals;
        this.records = records;
        this.rows = rows;
    }

    /** One sentence that names sale and position. Repeated for some time, because the sealer tries again and again. */
    String find() {
        String before = found;
        if (before == null || System.nanoTime() - foundAt > REPEATED.toNanos()) {
            before = search();
            found = before;
            foundAt = System.nanoTime();
        }
        return before;
    }

    private String search() {
        long until = System.nanoTime() + TIME_MAX.toNanos();
        Map<String, Digest> heads = new HashMap<>();
        Map<String, Long> counts = new HashMap<>();
        long number = 0;
        while (System.nanoTime() < until) {
            List<StoredSeal> page = seals.after(number, SEALS_AT_ONCE);
            if (page.isEmpty()) {
                return "The events are as sealed; the heads or links of sales were changed: " + wrongHeads(heads);
            }
            for (StoredSeal stored : page) {
                number = stored.seal().number();
                List<LogRow> block = block(stored.seal());
                if (!isAsSealed(stored.seal(), block)) {
                    return describe(stored.seal(), block, heads, counts);
                }
                for (LogRow row : block) {
                    String sale = SaleKeys.of(row);
                    heads.merge(sale, row.link(Digest.ZERO), (before, none) -> row.link(before));
                    counts.merge(sale, 1L, Long::sum);
                }
            }
        }
        return "The first " + number + " seals and their events are as sealed; the search was ended after "
                + TIME_MAX.toSeconds() + " s";
    }

    private List<LogRow> block(Seal seal) {
        List<LogRow> block = new ArrayList<>();
        long after = seal.firstPosition() - 1;
        while (after < seal.lastPosition()) {
            List<LogRow> page = rows.after(after, ROWS_AT_ONCE);
            page.stream().filter(row -> row.position() <= seal.lastPosition()).forEach(block::add);
            after = page.size() < ROWS_AT_ONCE
                    ? seal.lastPosition()
                    : page.getLast().position();
        }
        return block;
    }

    private boolean isAsSealed(Seal seal, List<LogRow> block) {
        if (seal.tree() == null) {
            Digest link = Digest.ZERO;
            for (LogRow row : block) {
                link = row.link(link);
            }
            return link.equals(seal.log());
        }
        List<Digest> leaves = new ArrayList<>(block.stream().map(LogRow::digest).toList());
        leaves.addAll(records.leaves(seal.number()));
        return MerkleTree.of(leaves).root().equals(seal.log());
    }

    /** The event itself if the links were not computed again, otherwise the sales and positions of the block. */
    private String describe(Seal seal, List<LogRow> block, Map<String, Digest> heads, Map<String, Long> counts) {
        TreeSet<String> sales = new TreeSet<>();
        for (LogRow row : block) {
            String sale = SaleKeys.of(row);
            sales.add(sale);
            Digest link = row.link(heads.getOrDefault(sale, Digest.ZERO));
            long number = counts.merge(sale, 1L, Long::sum);
            heads.put(sale, link);
            boolean same = seals.sale(sale)
                    .filter(stored -> stored.sealed().events() >= number)
                    .map(stored -> seals.link(stored.no(), number).equals(link))
                    .orElse(false);
            if (!same) {
                return "Sale " + sale + " was changed at position " + row.position();
            }
        }
        return "Sale " + String.join(" or ", sales) + " was changed at position " + seal.firstPosition()
                + (block.size() == 1 ? "" : " to " + seal.lastPosition()) + " (seal " + seal.number() + ")";
    }

    private String wrongHeads(Map<String, Digest> heads) {
        return heads.entrySet().stream()
                .filter(sale -> seals.sale(sale.getKey())
                        .map(stored -> !stored.sealed().head().equals(sale.getValue()))
                        .orElse(true))
                .map(Map.Entry::getKey)
                .limit(5)
                .toList()
                .toString();
    }
}
