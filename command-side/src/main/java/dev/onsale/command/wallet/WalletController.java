package dev.onsale.command.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.Ids;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Money;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.wallet.ChargePoints;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.platform.http.IdempotencyKey;
import dev.onsale.platform.http.WebConfiguration;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

@RestController
@Tag(name = "Wallet")
class WalletController {

    private static final String OPERATOR = "ROLE_" + WebConfiguration.OPERATOR;

    private final CommandSender commands;
    private final WalletProperties properties;

    WalletController(CommandSender commands, WalletProperties properties) {
        this.commands = commands;
        this.properties = properties;
    }

    /**
     * @param buyerId whose wallet; absent for the caller's own
     */
    record ChargeRequest(@Nullable Money amount, @Nullable BuyerId buyerId) {}

    record ChargedAnswer(ChargeId chargeId, BuyerId buyerId, Money amount, Money balance, Instant chargedAt) {}

    @Operation(
            summary = "Charge a wallet with points",
            description =
                    "Points are worth money: an operator charges any wallet; a buyer charges the own one only where"
                            + " onsale.wallet.self-service is on. 400 INVALID_REQUEST; 403 FORBIDDEN; 409 WALLET_FULL; 422"
                            + " IDEMPOTENCY_KEY_REUSED. A repeat with the same key is answered like the first.")
    @PostMapping("/api/wallet/charges")
    Mono<ResponseEntity<ChargedAnswer>> charge(
            BuyerId caller,
            IdempotencyKey key,
            @Parameter(hidden = true) Authentication authentication,
            @RequestBody ChargeRequest request) {
        Money amount = request.amount();
        if (amount == null) {
            throw new InvalidValueException("amount is missing");
        }
        BuyerId owner = request.buyerId() == null ? caller : request.buyerId();
        boolean operator = authentication.getAuthorities().stream()
                .anyMatch(authority -> OPERATOR.equals(authority.getAuthority()));
        if (!operator && !(properties.selfService() && owner.equals(caller))) {
            throw new RefusedException(RefusalCode.FORBIDDEN, "You may not charge this wallet");
        }
        ChargeId charge = new ChargeId(Ids.derived("charge", caller.value(), owner.value(), key.value()));
        return Mono.fromCompletionStage(
                        () -> commands.send(new ChargePoints(owner, charge, amount), PointsCharged.class))
                .map(fact -> ResponseEntity.created(URI.create("/api/wallet"))
                        .body(new ChargedAnswer(
                                fact.chargeId(), fact.buyerId(), fact.amount(), fact.balance(), fact.chargedAt())));
    }
}
