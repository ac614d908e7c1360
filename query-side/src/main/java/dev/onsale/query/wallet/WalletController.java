package dev.onsale.query.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.view.WalletView;
import dev.onsale.api.wallet.WalletEvent;
import dev.onsale.query.paging.PageRequest;
import dev.onsale.query.past.HistoricalLog;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Wallet")
class WalletController {

    /** As the command side names a wallet's aggregate. */
    private static final String AGGREGATE_PREFIX = "wallet:";

    private final EntryRepository entries;
    private final BalanceRepository balances;
    private final HistoricalLog log;

    WalletController(EntryRepository entries, BalanceRepository balances, HistoricalLog log) {
        this.entries = entries;
        this.balances = balances;
        this.log = log;
    }

    @GetMapping("/api/wallet")
    @Operation(
            summary = "The caller's points and statement, newest line first",
            description = "Always as the event log has it, also while the read models are behind.")
    WalletView mine(
            BuyerId buyer,
            @RequestParam(defaultValue = PageRequest.LIMIT_DEFAULT) int limit,
            @RequestParam(required = false) @Nullable Long after) {
        PageRequest page = PageRequest.of(limit, after);
        List<BalanceRow> known = balances.findByBuyerId(buyer.toString());
        long last = known.stream().mapToLong(BalanceRow::position).max().orElse(0);
        List<EntryRow> newer = newerThan(last, buyer);
        Stream<EntryRow> stored = entries
                .findByBuyerIdAndPositionLessThanOrderByPositionDesc(
                        buyer.toString(), Math.min(page.before(), last + 1), page.fetch())
                .stream();
        List<EntryRow> lines = Stream.concat(newer.stream().filter(entry -> entry.position() < page.before()), stored)
                .limit(page.fetch().max())
                .toList();
        return new WalletView(balances(known, newer), page.page(lines, EntryRow::position, EntryRow::view));
    }

    /** What is not in the rows yet, the newest first. */
    private List<EntryRow> newerThan(long position, BuyerId buyer) {
        return log.ofAggregateAfter(AGGREGATE_PREFIX + buyer, position).stream()
                .map(event -> new EntryRow(log.fact(event, WalletEvent.class), event.position()))
                .toList()
                .reversed();
    }

    /** Each fact says the balance after it: the newest of a currency counts. */
    private static List<Money> balances(List<BalanceRow> known, List<EntryRow> newer) {
        Map<Currency, Money> balances = new HashMap<>();
        known.forEach(row -> balances.put(row.amount().currency(), row.amount()));
        for (EntryRow entry : newer.reversed()) {
            balances.put(entry.balance().currency(), entry.balance());
        }
        return balances.values().stream()
                .sorted(Comparator.comparing(balance -> balance.currency().getCurrencyCode()))
                .toList();
    }
}
