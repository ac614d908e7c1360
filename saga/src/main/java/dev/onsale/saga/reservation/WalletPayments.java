package dev.onsale.saga.reservation;

import dev.onsale.api.Money;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.wallet.DebitPoints;
import dev.onsale.api.wallet.RefundPartOfPoints;
import dev.onsale.api.wallet.RefundPoints;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.reservation.CheckoutStep.Authorize;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Payments without a gateway: with points, and of nothing, when a coupon covers the whole price. Their outcome is the answer
 * to a command and so never unknown.
 */
@Component
class WalletPayments {

    /** In place of the gateway's own name for a payment. */
    static final String REFERENCE = "onsale:purse";

    private final CommandDispatcher commands;

    WalletPayments(CommandDispatcher commands) {
        this.commands = commands;
    }

    static boolean pays(PaymentMethod method, Money amount) {
        return amount.isZero() || method instanceof PaymentMethod.Points;
    }

    /** Takes the points at once; an authorisation of them is their debit. */
    GatewayAnswer.ToAuthorize authorize(Authorize step) throws InterruptedException {
        if (step.amount().isZero()) {
            return new GatewayAnswer.Authorized(REFERENCE);
        }
        try {
            commands.send(new DebitPoints(step.buyerId(), step.paymentId(), step.reservationId(), step.amount()));
            return new GatewayAnswer.Authorized(REFERENCE);
        } catch (RefusedException refused) {
            if (refused.code() == RefusalCode.INSUFFICIENT_POINTS
                    || refused.code() == RefusalCode.PAYMENT_STATE_CONFLICT) {
                return new GatewayAnswer.Declined(refused.code().name());
            }
            throw refused;
        }
    }

    /**
     * @param amount what is left after parts were given back; absent for the whole payment
     */
    void giveBack(PaymentInitiated opened, @Nullable Money amount) throws InterruptedException {
        if (!opened.amount().isZero()) {
            commands.send(new RefundPoints(opened.buyerId(), opened.paymentId(), amount));
        }
    }

    void giveBackPart(PaymentInitiated opened, int part, Money amount) throws InterruptedException {
        commands.send(new RefundPartOfPoints(opened.buyerId(), opened.paymentId(), part, amount));
    }
}
