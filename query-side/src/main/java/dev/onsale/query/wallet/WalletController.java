package dev.onsale.query.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.view.WalletEntryView;
import dev.onsale.api.view.WalletView;
import dev.onsale.query.paging.PageRequest;
import dev.onsale.query.wallet.UnprojectedMovements.Movement;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Wallet")
class WalletController {

    private final JdbcOperations jdbc;
    private final UnprojectedMovements movements;

    WalletController(JdbcOperations jdbc, UnprojectedMovements movements) {
        this.jdbc = jdbc;
        this.movements = movements;
    }

    private record Balance(Money amount, long position) {}

    @GetMapping("/api/wallet")
    @Operation(
            summary = "The caller's points and statement, newest line first",
            description = "Always as the event log has it, also while the read models are behind.")
    WalletView mine(
            BuyerId buyer,
            @RequestParam(defaultValue = PageRequest.LIMIT_DEFAULT) int limit,
            @RequestParam(required = false) @Nullable Long after) {
        PageRequest page = PageRequest.of(limit, after);
        List<Balance> known = jdbc.query(
                "SELECT balance_minor_units, currency, log_position FROM wallet_view WHERE buyer_id = ?",
                (row, number) -> new Balance(Money.of(row.getLong(1), row.getString(2)), row.getLong(3)),
                buyer.toString());
        long last = known.stream().mapToLong(Balance::position).max().orElse(0);
        List<Movement> newer = movements.of(buyer, last);
        Stream<Movement> lines = Stream.concat(
                newer.stream().filter(movement -> movement.position() < page.before()),
                stored(buyer, page, Math.min(page.before(), last + 1)).stream());
        return new WalletView(
                balances(known, newer),
                page.page(lines.limit(page.fetch().max()).toList(), Movement::position, Movement::entry));
    }

    /** Each fact says the balance after it: the newest of a currency counts. */
    private static List<Money> balances(List<Balance> known, List<Movement> newer) {
        Map<Currency, Money> balances = new HashMap<>();
        known.forEach(balance -> balances.put(balance.amount().currency(), balance.amount()));
        for (Movement movement : newer.reversed()) {
            Money balance = movement.entry().balance();
            balances.put(balance.currency(), balance);
        }
        return balances.values().stream()
                .sorted(Comparator.comparing(balance -> balance.currency().getCurrencyCode()))
                .toList();
    }

    private List<Movement> stored(BuyerId buyer, PageRequest page, long before) {
        return jdbc.query(
                "SELECT log_position, kind, amount_minor_units, balance_minor_units, currency, payment_id, reservation_id,"
                        + " moved_at FROM wallet_entry WHERE buyer_id = ? AND log_position < ? ORDER BY log_position DESC"
                        + " LIMIT ?",
                (row, number) -> line(row),
                buyer.toString(),
                before,
                page.fetch().max());
    }

    private static Movement line(ResultSet row) throws SQLException {
        String currency = row.getString("currency");
        String payment = row.getString("payment_id");
        String reservation = row.getString("reservation_id");
        return new Movement(
                row.getLong("log_position"),
                new WalletEntryView(
                        WalletEntryView.Kind.valueOf(row.getString("kind")),
                        Money.of(row.getLong("amount_minor_units"), currency),
                        Money.of(row.getLong("balance_minor_units"), currency),
                        payment == null ? null : PaymentId.of(payment),
                        reservation == null ? null : ReservationId.of(reservation),
                        Instant.parse(row.getString("moved_at"))));
    }
}
