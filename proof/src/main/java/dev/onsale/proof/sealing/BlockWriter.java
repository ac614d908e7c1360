package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.RoomRecord;
import dev.onsale.proof.seal.SaleTree;
import dev.onsale.proof.seal.SealedSale;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Appends a block to the chains of its sales and waiting rooms. Not thread-safe. */
final class BlockWriter {

    /** The buyer of a record, for receipts. Buyer ids have no character that JSON escapes. */
    private static final Pattern BUYER = Pattern.compile("\"buyer\":\"([^\"\\\\]{1,128})\"");

    private final SealStore store;
    private final RecordStore records;
    private final RewriteSearch search;
    private SaleTree tree = new SaleTree();
    private Map<Integer, Digest> before = new HashMap<>();

    BlockWriter(SealStore store, RecordStore records, RewriteSearch search) {
        this.store = store;
        this.records = records;
        this.search = search;
    }

    /**
     * @param leaves digests of the events and then of the records
     * @param nodes nodes of the tree of the sales that changed
     */
    record Written(List<Digest> leaves, Map<Integer, Digest> nodes) {}

    /** @param sales the tree that the next block changes */
    void begin(SaleTree sales) {
        tree = sales;
        before = new HashMap<>();
    }

    /** Takes back the changes to the tree. */
    void undo() {
        tree.set(before);
        before = new HashMap<>();
    }

    /** What one chain gets: each element is a digest of the link's content, as a function of the link before. */
    private static final class Growth {
        private final Digest place;
        private final List<LogRow> events = new ArrayList<>();
        private List<String> records = List.of();
        private String saleKey = "";

        Growth(Digest place) {
            this.place = place;
        }

        int bucket() {
            return new SealedSale(place, 0, Digest.ZERO).bucket();
        }
    }

    Written write(long seal, List<LogRow> block, List<RoomReader.Unsealed> rooms) {
        Map<String, Growth> chains = new LinkedHashMap<>();
        for (LogRow row : block) {
            String sale = SaleKeys.of(row);
            chains.computeIfAbsent(sale, key -> new Growth(SealedSale.digestOf(key)))
                    .events
                    .add(row);
        }
        for (RoomReader.Unsealed room : rooms) {
            records.cursor(room.saleKey(), room.cursor());
            if (!room.records().isEmpty()) {
                Growth growth = new Growth(SealedSale.digestOfRoom(room.saleKey()));
                growth.records = room.records();
                growth.saleKey = room.saleKey();
                chains.put(RecordStore.rowKey(room.saleKey()), growth);
            }
        }
        TreeSet<Integer> buckets = new TreeSet<>();
        chains.values().forEach(chain -> buckets.add(chain.bucket()));
        Map<Digest, SealStore.Sale> heads = requireAsSealed(buckets);
        List<Digest> leaves = new ArrayList<>(block.stream().map(LogRow::digest).toList());
        append(seal, chains, heads, leaves);
        buckets.forEach(bucket -> before.put(bucket, tree.leaf(bucket)));
        return new Written(leaves, tree.set(leaves(heads.values())));
    }

    /**
     * The stored heads that the block extends must be those that the last seal covers. What is sealed follows from the rows
     * that were compared here; nothing is read a second time.
     *
     * @return all rows of the leaves, by their places in the tree
     */
    private Map<Digest, SealStore.Sale> requireAsSealed(Set<Integer> buckets) {
        Map<Digest, SealStore.Sale> heads = new HashMap<>();
        Map<Integer, List<SealStore.Sale>> stored = new HashMap<>();
        for (SealStore.Sale sale : store.lockSalesOf(buckets)) {
            stored.computeIfAbsent(sale.sealed().bucket(), bucket -> new ArrayList<>())
                    .add(sale);
            heads.put(sale.sealed().sale(), sale);
        }
        for (int bucket : buckets) {
            List<SealStore.Sale> sales = stored.getOrDefault(bucket, List.of());
            if (!SaleTree.bucket(sales.stream().map(SealStore.Sale::sealed).toList())
                    .equals(tree.leaf(bucket))) {
                throw changed(sales.stream().map(SealStore.Sale::key).toList());
            }
        }
        return heads;
    }

    private SealMismatchException changed(List<String> keys) {
        return new SealMismatchException("The stored head of sale " + String.join(" or ", keys)
                + " is not the one that the last seal covers. " + search.find());
    }

    private static Map<Integer, Digest> leaves(Collection<SealStore.Sale> sales) {
        Map<Integer, List<SealedSale>> buckets = new HashMap<>();
        for (SealStore.Sale sale : sales) {
            buckets.computeIfAbsent(sale.sealed().bucket(), bucket -> new ArrayList<>())
                    .add(sale.sealed());
        }
        Map<Integer, Digest> leaves = new HashMap<>();
        buckets.forEach((bucket, of) -> leaves.put(bucket, SaleTree.bucket(of)));
        return leaves;
    }

    /** The row of each chain, by key. Inserts the missing rows. */
    private Map<String, SealStore.Sale> rows(Map<String, Growth> chains, Map<Digest, SealStore.Sale> heads) {
        Map<String, SealStore.Sale> rows = new HashMap<>();
        Map<String, Digest> missing = new LinkedHashMap<>();
        chains.forEach((key, chain) -> {
            SealStore.Sale head = heads.get(chain.place);
            if (head == null) {
                missing.put(key, chain.place);
            } else if (head.key().equals(key)) {
                rows.put(key, head);
            } else {
                throw changed(List.of(key, head.key()));
            }
        });
        store.insertSales(missing)
                .forEach((key, number) -> rows.put(
                        key,
                        new SealStore.Sale(
                                number,
                                key,
                                new SealedSale(Objects.requireNonNull(missing.get(key)), 0, Digest.ZERO))));
        return rows;
    }

    /** @param heads the rows of the changed leaves, which get the new heads */
    private void append(long seal, Map<String, Growth> chains, Map<Digest, SealStore.Sale> heads, List<Digest> leaves) {
        Map<String, SealStore.Sale> stored = rows(chains, heads);
        List<SealStore.Sale> after = new ArrayList<>();
        List<SealStore.Link> links = new ArrayList<>();
        List<RecordStore.Sealed> sealed = new ArrayList<>();
        chains.forEach((key, chain) -> {
            SealStore.Sale sale = Objects.requireNonNull(stored.get(key), () -> "No row for sale " + key);
            long number = sale.sealed().events();
            Digest head = sale.sealed().head();
            for (LogRow event : chain.events) {
                head = event.link(head);
                links.add(new SealStore.Link(sale.no(), ++number, event.position(), head));
            }
            for (String text : chain.records) {
                RoomRecord record = new RoomRecord(chain.saleKey, ++number, text);
                head = record.link(head);
                links.add(new SealStore.Link(sale.no(), number, seal, head));
                sealed.add(new RecordStore.Sealed(sale.no(), number, seal, leaves.size(), text, buyer(text)));
                leaves.add(record.digest());
            }
            after.add(new SealStore.Sale(sale.no(), key, new SealedSale(chain.place, number, head)));
        });
        after.forEach(sale -> heads.put(sale.sealed().sale(), sale));
        store.insert(links);
        store.update(after);
        records.insert(sealed);
    }

    private static @Nullable String buyer(String record) {
        Matcher buyer = BUYER.matcher(record);
        return buyer.find() ? buyer.group(1) : null;
    }
}
