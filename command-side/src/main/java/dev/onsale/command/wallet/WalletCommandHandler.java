package dev.onsale.command.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.wallet.ChargePoints;
import dev.onsale.api.wallet.DebitPoints;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.api.wallet.PointsDebited;
import dev.onsale.api.wallet.RefundPartOfPoints;
import dev.onsale.api.wallet.RefundPoints;
import dev.onsale.command.bus.RepositoryAccess;
import java.time.Clock;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/** Sends commands to wallets. */
@Component
class WalletCommandHandler {

    private final Repository<Wallet> wallets;
    private final Clock clock;

    WalletCommandHandler(Repository<Wallet> wallets, Clock clock) {
        this.wallets = wallets;
        this.clock = clock;
    }

    @CommandHandler
    PointsCharged handle(ChargePoints command) {
        return find(command.buyerId()).invoke(wallet -> wallet.charge(command, clock.instant()));
    }

    @CommandHandler
    PointsDebited handle(DebitPoints command) {
        return find(command.buyerId()).invoke(wallet -> wallet.debit(command, clock.instant()));
    }

    @CommandHandler
    void handle(RefundPoints command) {
        find(command.buyerId())
                .execute(wallet -> wallet.refund(command.paymentId(), command.amount(), clock.instant()));
    }

    @CommandHandler
    void handle(RefundPartOfPoints command) {
        find(command.buyerId()).execute(wallet -> wallet.refundPart(command, clock.instant()));
    }

    private Aggregate<Wallet> find(BuyerId buyer) {
        return RepositoryAccess.loadOrCreate(wallets, Wallet.idOf(buyer), () -> new Wallet(buyer));
    }
}
