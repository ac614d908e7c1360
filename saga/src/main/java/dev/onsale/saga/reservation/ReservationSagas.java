package dev.onsale.saga.reservation;

import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.saga.step.Steps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.MessageHandlerInterceptorMemberChain;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.saga.AnnotatedSaga;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.SagaCreationPolicy;
import org.axonframework.modelling.saga.SagaMethodMessageHandlingMember;
import org.axonframework.modelling.saga.metamodel.AnnotationSagaMetaModelFactory;
import org.axonframework.modelling.saga.metamodel.SagaModel;
import org.jspecify.annotations.Nullable;

/**
 * Brings each fact to the saga of its reservation: the sagas of a whole batch of facts are read at once, carried on one fact
 * after the other, and written at once in the transaction that also moves the token. Axon's own manager asks the database for
 * each fact in each segment; this one splits the segments by reservation, and asks twice a batch.
 */
@ProcessingGroup(ReservationSaga.PROCESSING_GROUP)
@DisallowReplay
final class ReservationSagas {

    private static final String BATCH = ReservationSagas.class.getName() + ".batch";

    private final SagaTable table;
    private final Steps steps;
    private final SagaModel<ReservationSaga> model =
            new AnnotationSagaMetaModelFactory().modelOf(ReservationSaga.class);
    private final MessageHandlerInterceptorMemberChain<ReservationSaga> interceptors =
            model.modelFactory().chainedInterceptor(ReservationSaga.class);

    ReservationSagas(SagaTable table, Steps steps) {
        this.table = table;
        this.steps = steps;
    }

    @EventHandler
    void on(ReservationEvent fact, EventMessage<?> message, UnitOfWork<?> unit) {
        carryOn(message, unit);
    }

    @EventHandler
    void on(PaymentEvent fact, EventMessage<?> message, UnitOfWork<?> unit) {
        carryOn(message, unit);
    }

    /** Facts of one reservation are handled in their order, by one segment. */
    static @Nullable String reservationOf(Message<?> message) {
        ReservationId reservation =
                switch (message.getPayload()) {
                    case ReservationEvent fact -> fact.reservationId();
                    case PaymentEvent fact -> fact.reservationId();
                    default -> null;
                };
        return reservation == null ? null : reservation.toString();
    }

    private void carryOn(EventMessage<?> message, UnitOfWork<?> unit) {
        String reservation = reservationOf(message);
        if (reservation == null || !model.hasHandlerMethod(message)) {
            return;
        }
        UnitOfWork<?> root = unit.root();
        Batch batch = root.getOrComputeResource(BATCH, key -> {
            Batch fresh = new Batch(table.find(reservationsIn(root)));
            // This phase begins when the whole batch has been handled.
            root.onPrepareCommit(whole -> fresh.write());
            return fresh;
        });
        batch.handle(reservation, message);
    }

    private static Set<String> reservationsIn(UnitOfWork<?> root) {
        List<? extends Message<?>> messages =
                root instanceof BatchingUnitOfWork<?> batch ? batch.getMessages() : List.of(root.getMessage());
        Set<String> reservations = new LinkedHashSet<>();
        for (Message<?> message : messages) {
            String reservation = reservationOf(message);
            if (reservation != null) {
                reservations.add(reservation);
            }
        }
        return reservations;
    }

    private boolean starts(EventMessage<?> message) {
        return model.findHandlerMethods(message).stream()
                .anyMatch(handler -> handler.unwrap(SagaMethodMessageHandlingMember.class)
                        .filter(member -> member.getCreationPolicy() != SagaCreationPolicy.NONE)
                        .isPresent());
    }

    private AnnotatedSaga<ReservationSaga> alive(String reservation, ReservationSaga saga) {
        return new AnnotatedSaga<>(
                reservation,
                Set.of(new AssociationValue(ReservationSaga.ASSOCIATION, reservation)),
                saga.with(steps),
                model,
                interceptors);
    }

    private final class Batch {

        private final Set<String> stored;
        private final Map<String, AnnotatedSaga<ReservationSaga>> sagas = new HashMap<>();
        /** In the order of the table, so that segments that write at the same time seldom meet in a deadlock. */
        private final Set<String> touched = new TreeSet<>();

        Batch(Map<String, ReservationSaga> found) {
            stored = Set.copyOf(found.keySet());
            found.forEach((reservation, saga) -> sagas.put(reservation, alive(reservation, saga)));
        }

        void handle(String reservation, EventMessage<?> message) {
            AnnotatedSaga<ReservationSaga> saga = sagas.get(reservation);
            if (saga == null || !saga.isActive()) {
                if (!starts(message)) {
                    return;
                }
                saga = alive(reservation, new ReservationSaga());
                sagas.put(reservation, saga);
            }
            if (saga.root().ignores(message.getPayload())) {
                return;
            }
            touched.add(reservation);
            saga.handle(message);
        }

        void write() {
            Map<String, ReservationSaga> active = new LinkedHashMap<>();
            List<String> ended = new ArrayList<>();
            for (String reservation : touched) {
                AnnotatedSaga<ReservationSaga> saga = sagas.get(reservation);
                if (saga != null && saga.isActive()) {
                    active.put(reservation, saga.root());
                } else if (stored.contains(reservation)) {
                    ended.add(reservation);
                }
            }
            table.save(active);
            table.remove(ended);
        }
    }
}
