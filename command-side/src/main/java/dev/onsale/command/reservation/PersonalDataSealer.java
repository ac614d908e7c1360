package dev.onsale.command.reservation;

import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.personal.SealedText;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.eventlog.personal.PersonalData;
import dev.onsale.platform.supervision.TaskThreads;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Seals what is personal in an order before it becomes a command, so that no command, fact or log line ever has it in the clear. */
@Component
class PersonalDataSealer {

    private final PersonalData personal;
    private final Executor blocking = TaskThreads.perTask("personal-data-");

    PersonalDataSealer(PersonalData personal) {
        this.personal = personal;
    }

    /** What the command carries in place of the order's. */
    record Sealed(
            PaymentMethod method,
            @Nullable SealedText cardToken,
            @Nullable SealedText contact) {

        boolean isOf(PaymentRequested fact) {
            return Objects.equals(cardToken, fact.cardToken()) && Objects.equals(contact, fact.contact());
        }
    }

    CompletionStage<Sealed> seal(PaymentOrder order) {
        return order.method() instanceof PaymentMethod.Card || order.contact() != null
                ? CompletableFuture.supplyAsync(() -> sealed(order), blocking)
                : CompletableFuture.completedStage(new Sealed(order.method(), null, null));
    }

    private Sealed sealed(PaymentOrder order) {
        SealedText contact = order.contact() == null
                ? null
                : personal.sealContact(order.buyerId(), order.reservationId(), order.contact());
        return order.method() instanceof PaymentMethod.Card card
                ? new Sealed(
                        PaymentMethod.Card.withheld(),
                        personal.sealCardToken(order.buyerId(), order.reservationId(), card.token()),
                        contact)
                : new Sealed(order.method(), null, contact);
    }

    /** Whether a fact says what the order does. What was erased since says nothing against it. */
    CompletionStage<Boolean> saysTheSame(PaymentOrder order, PaymentRequested fact) {
        return CompletableFuture.supplyAsync(() -> sameCard(order, fact) && sameContact(order, fact), blocking);
    }

    private boolean sameCard(PaymentOrder order, PaymentRequested fact) {
        if (!(order.method() instanceof PaymentMethod.Card)) {
            return order.method().equals(fact.method());
        }
        return fact.cardToken() == null
                ? order.method().equals(fact.method())
                : personal.openCardToken(fact.buyerId(), fact.reservationId(), fact.cardToken())
                        .map(token -> order.method().equals(new PaymentMethod.Card(token)))
                        .orElse(true);
    }

    private boolean sameContact(PaymentOrder order, PaymentRequested fact) {
        if (fact.contact() == null || order.contact() == null) {
            return fact.contact() == null && order.contact() == null;
        }
        return personal.openContact(fact.buyerId(), fact.reservationId(), fact.contact())
                .map(given -> given.equals(order.contact()))
                .orElse(true);
    }
}
