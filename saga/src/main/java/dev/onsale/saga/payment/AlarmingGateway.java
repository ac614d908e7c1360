package dev.onsale.saga.payment;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;

/** Reports refused settings and outages of a gateway to the operator. */
final class AlarmingGateway implements PaymentGateway {

    private final PaymentGateway gateway;
    private final SettingsAlarm settings;
    private final GatewayOutage outage;

    AlarmingGateway(PaymentGateway gateway, SettingsAlarm settings, GatewayOutage outage) {
        this.gateway = gateway;
        this.settings = settings;
        this.outage = outage;
    }

    private <A extends GatewayAnswer> A heard(GatewayOperation operation, Object payment, A answer) {
        settings.heard(operation, answer);
        outage.heard(operation, payment.toString(), answer);
        return answer;
    }

    @Override
    public GatewayAnswer.ToAuthorize authorize(AuthorizationRequest request) throws InterruptedException {
        return heard(GatewayOperation.AUTHORIZE, request.paymentId(), gateway.authorize(request));
    }

    @Override
    public GatewayAnswer.ToSettle capture(PaymentId paymentId, String gatewayReference, Money amount, int attempt)
            throws InterruptedException {
        return heard(
                GatewayOperation.CAPTURE, paymentId, gateway.capture(paymentId, gatewayReference, amount, attempt));
    }

    @Override
    public GatewayAnswer.ToSettle voidAuthorization(PaymentId paymentId, String gatewayReference, int attempt)
            throws InterruptedException {
        return heard(
                GatewayOperation.CANCEL, paymentId, gateway.voidAuthorization(paymentId, gatewayReference, attempt));
    }

    @Override
    public GatewayAnswer.ToSettle refund(PaymentId paymentId, String gatewayReference, Money amount, int attempt)
            throws InterruptedException {
        return heard(GatewayOperation.REFUND, paymentId, gateway.refund(paymentId, gatewayReference, amount, attempt));
    }

    @Override
    public GatewayAnswer.ToSettle refundPart(
            PaymentId paymentId, String gatewayReference, int part, Money amount, int attempt)
            throws InterruptedException {
        return heard(
                GatewayOperation.REFUND,
                paymentId,
                gateway.refundPart(paymentId, gatewayReference, part, amount, attempt));
    }

    @Override
    public GatewayAnswer.ToFind find(PaymentLookup lookup) throws InterruptedException {
        return heard(GatewayOperation.READ, lookup.paymentId(), gateway.find(lookup));
    }

    @Override
    public GatewayAnswer.ToIdentify identify(String gatewayReference) throws InterruptedException {
        return heard(GatewayOperation.READ, gatewayReference, gateway.identify(gatewayReference));
    }

    @Override
    public GatewayAnswer.ToDispute dispute(String disputeReference) throws InterruptedException {
        return heard(GatewayOperation.READ, disputeReference, gateway.dispute(disputeReference));
    }
}
