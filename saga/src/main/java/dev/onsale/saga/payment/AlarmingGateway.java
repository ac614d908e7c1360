package dev.onsale.saga.payment;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;

/** A gateway whose refusals of the settings are told to the operator. */
final class AlarmingGateway implements PaymentGateway {

    private final PaymentGateway gateway;
    private final SettingsAlarm alarm;

    AlarmingGateway(PaymentGateway gateway, SettingsAlarm alarm) {
        this.gateway = gateway;
        this.alarm = alarm;
    }

    @Override
    public GatewayAnswer.ToAuthorize authorize(AuthorizationRequest request) throws InterruptedException {
        return alarm.heard(gateway.authorize(request));
    }

    @Override
    public GatewayAnswer.ToSettle capture(PaymentId paymentId, String gatewayReference, Money amount, int attempt)
            throws InterruptedException {
        return alarm.heard(gateway.capture(paymentId, gatewayReference, amount, attempt));
    }

    @Override
    public GatewayAnswer.ToSettle voidAuthorization(PaymentId paymentId, String gatewayReference, int attempt)
            throws InterruptedException {
        return alarm.heard(gateway.voidAuthorization(paymentId, gatewayReference, attempt));
    }

    @Override
    public GatewayAnswer.ToSettle refund(PaymentId paymentId, String gatewayReference, Money amount, int attempt)
            throws InterruptedException {
        return alarm.heard(gateway.refund(paymentId, gatewayReference, amount, attempt));
    }

    @Override
    public GatewayAnswer.ToFind find(PaymentLookup lookup) throws InterruptedException {
        return alarm.heard(gateway.find(lookup));
    }

    @Override
    public GatewayAnswer.ToIdentify identify(String gatewayReference) throws InterruptedException {
        return alarm.heard(gateway.identify(gatewayReference));
    }

    @Override
    public GatewayAnswer.ToDispute dispute(String disputeReference) throws InterruptedException {
        return alarm.heard(gateway.dispute(disputeReference));
    }
}
