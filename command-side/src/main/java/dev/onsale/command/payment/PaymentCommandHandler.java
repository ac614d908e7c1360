package dev.onsale.command.payment;

import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.InitiatePayment;
import dev.onsale.api.payment.RecordActionRequired;
import dev.onsale.api.payment.RecordAuthorization;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordDecline;
import dev.onsale.api.payment.RecordDelay;
import dev.onsale.api.payment.RecordDispute;
import dev.onsale.api.payment.RecordPartRefund;
import dev.onsale.api.payment.RecordRefund;
import dev.onsale.api.payment.RecordRefundReport;
import dev.onsale.api.payment.RecordVoid;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.command.bus.RepositoryAccess;
import java.time.Clock;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/** Sends commands to payments. */
@Component
class PaymentCommandHandler {

    private final Repository<Payment> payments;
    private final Clock clock;

    PaymentCommandHandler(Repository<Payment> payments, Clock clock) {
        this.payments = payments;
        this.clock = clock;
    }

    @CommandHandler
    PaymentStatus handle(InitiatePayment command) {
        return find(command.paymentId()).invoke(payment -> payment.initiate(command, clock.instant()));
    }

    @CommandHandler
    void handle(RecordAuthorization command) {
        find(command.paymentId()).execute(payment -> payment.authorize(command.gatewayReference(), clock.instant()));
    }

    @CommandHandler
    void handle(RecordDelay command) {
        find(command.paymentId()).execute(payment -> payment.delay(command.reason(), clock.instant()));
    }

    @CommandHandler
    void handle(RecordActionRequired command) {
        find(command.paymentId())
                .execute(payment ->
                        payment.requireAction(command.gatewayReference(), command.clientSecret(), clock.instant()));
    }

    @CommandHandler
    boolean handle(RecordRefundReport command) {
        return find(command.paymentId()).invoke(payment -> payment.reportRefund(command, clock.instant()));
    }

    @CommandHandler
    void handle(RecordDispute command) {
        find(command.paymentId()).execute(payment -> payment.dispute(command, clock.instant()));
    }

    @CommandHandler
    void handle(RecordDecline command) {
        find(command.paymentId()).execute(payment -> payment.decline(command.reason(), clock.instant()));
    }

    @CommandHandler
    void handle(RecordCapture command) {
        find(command.paymentId()).execute(payment -> payment.capture(clock.instant()));
    }

    @CommandHandler
    void handle(RecordVoid command) {
        find(command.paymentId()).execute(payment -> payment.voidIt(command.reason(), clock.instant()));
    }

    @CommandHandler
    void handle(RecordRefund command) {
        find(command.paymentId()).execute(payment -> payment.refund(command.amount(), clock.instant()));
    }

    @CommandHandler
    void handle(RecordPartRefund command) {
        find(command.paymentId()).execute(payment -> payment.refundPart(command, clock.instant()));
    }

    private Aggregate<Payment> find(PaymentId id) {
        return RepositoryAccess.loadOrCreate(payments, id.toString(), () -> new Payment(id));
    }
}
