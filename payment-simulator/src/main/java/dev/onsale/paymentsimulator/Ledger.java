package dev.onsale.paymentsimulator;

import dev.onsale.paymentsimulator.Authorization.Decision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ledger in memory. One thread decides and applies, so a transition is atomic. The monitor protects readers on
 * other threads and is not held during file access.
 */
final class Ledger {
    private final int chargesMax;
    private final List<LedgerEntry> entries = new ArrayList<>();
    private final Map<String, Authorization> authorizations = new HashMap<>();
    private final Map<String, String> authorizationIdByKey = new HashMap<>();
    private final TreeMap<String, Balance> balances = new TreeMap<>();

    Ledger(int chargesMax) {
        this.chargesMax = chargesMax;
    }

    synchronized boolean isFull() {
        return authorizations.size() >= chargesMax;
    }

    synchronized long nextSequence() {
        return entries.size() + 1L;
    }

    synchronized @Nullable Authorization find(String id) {
        return authorizations.get(id);
    }

    synchronized @Nullable Authorization findByKey(String idempotencyKey) {
        var id = authorizationIdByKey.get(idempotencyKey);
        return id == null ? null : authorizations.get(id);
    }

    /** Applies the next entry. Checks that it is allowed, because it may come from a file. */
    synchronized Authorization apply(LedgerEntry entry) {
        if (entry.sequence() != nextSequence()) {
            throw new IllegalStateException(
                    "entry " + entry.sequence() + " found where " + nextSequence() + " was expected");
        }
        var before = authorizations.get(entry.authorizationId());
        if (before != null) {
            requireAllowed(before, entry);
        }
        var after = before == null ? Authorization.opened(entry) : before.evolve(entry);
        entries.add(entry);
        authorizations.put(after.id(), after);
        if (before == null) {
            authorizationIdByKey.put(entry.idempotencyKey(), after.id());
        }
        balances.compute(
                entry.amount().currency(),
                (currency, balance) -> (balance == null ? Balance.empty(currency) : balance).plus(entry, after));
        return after;
    }

    synchronized Page page(long after, int limit) {
        int from = (int) Math.min(after, entries.size());
        int to = Math.min(from + limit, entries.size());
        return new Page(List.copyOf(entries.subList(from, to)), to < entries.size() ? (Long) (long) to : null);
    }

    synchronized Balances balances() {
        return new Balances(entries.size(), List.copyOf(balances.values()));
    }

    private static void requireAllowed(Authorization before, LedgerEntry entry) {
        var decision =
                switch (entry.kind()) {
                    case CAPTURED -> before.capture(entry.amount());
                    case VOIDED -> before.voided();
                    case REFUNDED -> before.refund(entry.amount());
                    case AUTHORIZED, DECLINED ->
                        throw new IllegalStateException("authorization " + before.id() + " exists already");
                };
        if (decision instanceof Decision.Refused refused) {
            throw new IllegalStateException(
                    "entry " + entry.sequence() + " is not allowed: " + refused.code() + ", " + refused.detail());
        }
    }

    /** One page of entries; {@code next} is the start of the next page, absent at the end. */
    record Page(List<LedgerEntry> entries, @Nullable Long next) {}

    /** The balances after the entry {@code sequence}. */
    record Balances(long sequence, List<Balance> balances) {}
}
