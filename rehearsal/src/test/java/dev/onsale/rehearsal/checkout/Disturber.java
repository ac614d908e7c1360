package dev.onsale.rehearsal.checkout;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.payment.RecordDecline;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.SeatClaim;
import dev.onsale.rehearsal.checkout.Disturbance.Act;
import dev.onsale.rehearsal.checkout.Disturbance.Phase;
import dev.onsale.saga.payment.AuthorizationRequest;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.payment.PaymentLookup;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Intercepts the calls of the saga and the events delivered to it, inside the application. Adds only the disturbances
 * of the plan. Thread-safe.
 */
final class Disturber implements BeanPostProcessor, MessageHandlerInterceptor<EventMessage<?>> {

    private static final long PATIENCE_SECONDS = 60;

    private final StageClient stage;
    private final Set<Disturbance> spent = ConcurrentHashMap.newKeySet();
    private volatile List<Disturbance> plan = List.of();
    private volatile @Nullable CommandGateway commands;

    Disturber(StageClient stage) {
        this.stage = stage;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof CommandGateway gateway) {
            return disturbed(gateway);
        }
        if (bean instanceof PaymentGateway gateway) {
            return new DisturbedGateway(gateway);
        }
        return bean instanceof Clock clock && name.equals("clock") ? new MovedClock(clock, stage) : bean;
    }

    private CommandGateway disturbed(CommandGateway gateway) {
        commands = gateway;
        return (CommandGateway) Proxy.newProxyInstance(
                Disturber.class.getClassLoader(), new Class<?>[] {CommandGateway.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("send") && arguments.length == 1) {
                        return send(gateway, arguments[0]);
                    }
                    try {
                        return method.invoke(gateway, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private CompletableFuture<Object> send(CommandGateway gateway, Object command) {
        String place = place(command);
        List<Disturbance> before = at(place, Phase.BEFORE);
        List<Disturbance> after = at(place, Phase.AFTER);
        if (before.isEmpty() && after.isEmpty()) {
            return gateway.send(command);
        }
        boolean twice = false;
        for (Disturbance planned : before) {
            switch (planned.act()) {
                case BUSY -> {
                    stage.struck(planned.cell(), "answered refused OVERLOADED");
                    return CompletableFuture.failedFuture(
                            new RefusedException(RefusalCode.OVERLOADED, "Too many requests are waiting"));
                }
                case SILENCE -> {
                    stage.struck(planned.cell(), "silent before");
                    return new CompletableFuture<>();
                }
                case TWICE -> twice = true;
                default -> act(planned, "before");
            }
        }
        CompletableFuture<Object> answer = gateway.send(command);
        String outcome = outcome(answer);
        if (twice) {
            answer = gateway.send(command);
            String again = outcome(answer);
            before.forEach(planned -> stage.struck(planned.cell(), "sent twice, answered " + outcome + ", " + again));
        }
        for (Disturbance planned : after) {
            switch (planned.act()) {
                case NOTE -> stage.struck(planned.cell(), "answered " + outcome);
                case SILENCE -> {
                    stage.struck(planned.cell(), "silent after");
                    return new CompletableFuture<>();
                }
                default -> act(planned, "after");
            }
        }
        return answer;
    }

    /** The outcome of a command. Waits for it. */
    private static String outcome(CompletableFuture<Object> answer) {
        try {
            Object unused = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return "done";
        } catch (ExecutionException e) {
            return e.getCause() instanceof RefusedException refused ? "refused " + refused.code() : "failed " + e;
        } catch (TimeoutException e) {
            return "nothing";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "nothing";
        }
    }

    private void act(Disturbance planned, String when) {
        switch (planned.act()) {
            case PARK -> {
                stage.struck(planned.cell(), "parked " + when);
                park();
            }
            case AWAIT -> {
                stage.struck(planned.cell(), "awaits " + planned.detail());
                stage.await(planned.detail());
            }
            case SIGNAL -> stage.signal(planned.detail());
            case CANCEL -> {
                String[] parts = planned.detail().split(" ", -1);
                require(new CancelReservation(
                        ReservationId.of(parts[0]), PerformanceId.of(parts[1]), BuyerId.of(parts[2])));
                stage.struck(planned.cell(), "overtaken");
            }
            case HOLD_BY_ANOTHER -> {
                String[] parts = planned.detail().split(" ", -1);
                require(new HoldSeats(
                        ReservationId.of(parts[0]),
                        PerformanceId.of(parts[1]),
                        BuyerId.of(parts[2]),
                        List.of(new SeatClaim(SeatLabel.of(parts[3]), null))));
            }
            case DECLINE -> {
                String place = planned.place();
                require(new RecordDecline(
                        PaymentId.of(place.substring(place.lastIndexOf(' ') + 1)), "GATEWAY_UNAVAILABLE"));
            }
            default -> throw new IllegalStateException("Not possible here: " + planned);
        }
    }

    private void require(OnsaleCommand command) {
        CommandGateway gateway = commands;
        if (gateway == null) {
            throw new IllegalStateException("There is no command gateway yet");
        }
        String outcome = outcome(gateway.send(command));
        if (!outcome.equals("done")) {
            throw new IllegalStateException(command + ": " + outcome);
        }
    }

    /** Blocks until the process is killed. State that was not yet written to the database is lost. */
    private static void park() {
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!never.await(1, TimeUnit.MINUTES)) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException e) {
            // A regular shutdown would make the cell pass without a crash.
            Runtime.getRuntime().halt(1);
        }
    }

    private List<Disturbance> at(String place, Phase phase) {
        if (place.isEmpty()) {
            return List.of();
        }
        if (plan.isEmpty()) {
            plan = stage.plan();
        }
        return plan.stream()
                .filter(planned -> planned.phase() == phase && planned.place().equals(place))
                .filter(planned -> planned.act().isLasting() || spent.add(planned))
                .toList();
    }

    /** The command with its payment or reservation; empty for commands that the saga does not send. */
    private static String place(Object command) {
        if (command instanceof ExpireReservation expire) {
            return "ExpireReservation " + expire.reservationId();
        }
        return Arrays.stream(
                        command.getClass().getRecordComponents() == null
                                ? new java.lang.reflect.RecordComponent[0]
                                : command.getClass().getRecordComponents())
                .filter(component -> component.getType() == PaymentId.class)
                .map(component -> {
                    try {
                        return command.getClass().getSimpleName() + " "
                                + component.getAccessor().invoke(command);
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .findFirst()
                .orElse("");
    }

    @Override
    public Object handle(UnitOfWork<? extends EventMessage<?>> unit, InterceptorChain chain) throws Exception {
        Object fact = unit.getMessage().getPayload();
        ReservationId reservation =
                switch (fact) {
                    case ReservationEvent event -> event.reservationId();
                    case PaymentEvent event -> event.reservationId();
                    default -> null;
                };
        if (reservation == null) {
            return chain.proceed();
        }
        List<Disturbance> planned = at("told " + fact.getClass().getSimpleName() + " " + reservation, Phase.TOLD);
        for (Disturbance disturbance : planned) {
            if (disturbance.act() != Act.TWICE) {
                act(disturbance, "before");
                stage.struck(disturbance.cell(), "told late");
            }
        }
        Object result = chain.proceed();
        for (Disturbance disturbance : planned) {
            if (disturbance.act() == Act.TWICE) {
                result = chain.proceed();
                stage.struck(disturbance.cell(), "told twice");
            }
        }
        return result;
    }

    private final class DisturbedGateway implements PaymentGateway {
        private final PaymentGateway gateway;

        DisturbedGateway(PaymentGateway gateway) {
            this.gateway = gateway;
        }

        private interface Call<A> {
            A make() throws InterruptedException;
        }

        private <A extends GatewayAnswer> A disturbed(String call, PaymentId payment, Call<A> real)
                throws InterruptedException {
            String place = "gateway " + call + " " + payment;
            at(place, Phase.BEFORE).forEach(planned -> act(planned, "before"));
            A answer = real.make();
            for (Disturbance planned : at(place, Phase.AFTER)) {
                if (planned.act() == Act.NOTE) {
                    stage.struck(planned.cell(), "answered " + answer.getClass().getSimpleName());
                } else {
                    act(planned, "after");
                }
            }
            return answer;
        }

        @Override
        public GatewayAnswer.ToAuthorize authorize(AuthorizationRequest request) throws InterruptedException {
            return disturbed("authorize", request.paymentId(), () -> gateway.authorize(request));
        }

        @Override
        public GatewayAnswer.ToSettle capture(PaymentId paymentId, String reference, Money amount, int attempt)
                throws InterruptedException {
            return disturbed("capture", paymentId, () -> gateway.capture(paymentId, reference, amount, attempt));
        }

        @Override
        public GatewayAnswer.ToSettle voidAuthorization(PaymentId paymentId, String reference, int attempt)
                throws InterruptedException {
            return disturbed("void", paymentId, () -> gateway.voidAuthorization(paymentId, reference, attempt));
        }

        @Override
        public GatewayAnswer.ToSettle refund(PaymentId paymentId, String reference, Money amount, int attempt)
                throws InterruptedException {
            return disturbed("refund", paymentId, () -> gateway.refund(paymentId, reference, amount, attempt));
        }

        @Override
        public GatewayAnswer.ToSettle refundPart(
                PaymentId paymentId, String reference, int part, Money amount, int attempt)
                throws InterruptedException {
            return disturbed(
                    part == PaymentGateway.REST ? "refundRest" : "refundPart",
                    paymentId,
                    () -> gateway.refundPart(paymentId, reference, part, amount, attempt));
        }

        @Override
        public GatewayAnswer.ToFind find(PaymentLookup lookup) throws InterruptedException {
            return disturbed("find", lookup.paymentId(), () -> gateway.find(lookup));
        }

        @Override
        public GatewayAnswer.ToIdentify identify(String reference) throws InterruptedException {
            return gateway.identify(reference);
        }

        @Override
        public GatewayAnswer.ToDispute dispute(String reference) throws InterruptedException {
            return gateway.dispute(reference);
        }
    }
}
