package dev.onsale.query.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.view.WalletEntryView;
import dev.onsale.api.view.WalletView;
import dev.onsale.query.paging.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Wallet")
class WalletController {

    private final JdbcOperations jdbc;

    WalletController(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    private record Line(long position, WalletEntryView entry) {}

    @GetMapping("/api/wallet")
    @Operation(summary = "The caller's points and statement, the newest line first")
    WalletView mine(
            BuyerId buyer,
            @RequestParam(defaultValue = PageRequest.LIMIT_DEFAULT) int limit,
            @RequestParam(required = false) @Nullable Long after) {
        PageRequest page = PageRequest.of(limit, after);
        List<Money> balances = jdbc.query(
                "SELECT balance_minor_units, currency FROM wallet_view WHERE buyer_id = ? ORDER BY currency",
                (row, number) -> Money.of(row.getLong(1), row.getString(2)),
                buyer.toString());
        List<Line> lines = jdbc.query(
                "SELECT log_position, kind, amount_minor_units, balance_minor_units, currency, payment_id, reservation_id,"
                        + " moved_at FROM wallet_entry WHERE buyer_id = ? AND log_position < ? ORDER BY log_position DESC"
                        + " LIMIT ?",
                (row, number) -> line(row),
                buyer.toString(),
                page.before(),
                page.fetch().max());
        return new WalletView(balances, page.page(lines, Line::position, Line::entry));
    }

    private static Line line(ResultSet row) throws SQLException {
        String currency = row.getString("currency");
        String payment = row.getString("payment_id");
        String reservation = row.getString("reservation_id");
        return new Line(
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
