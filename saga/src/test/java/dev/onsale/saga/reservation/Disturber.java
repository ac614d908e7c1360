package dev.onsale.saga.reservation;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.step.Step;
import dev.onsale.saga.step.StepHandler;
import dev.onsale.saga.step.StepResult;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Stands between steps and what they do, and disturbs each as planned, once. */
final class Disturber implements BeanPostProcessor {

    /** What happens at a point. */
    enum Disturbance {
        FAIL_BEFORE,
        FAIL_AFTER,
        UNKNOWN_BEFORE,
        UNKNOWN_AFTER,
        REFUSED,
        HALT_BEFORE,
        HALT_AFTER
    }

    static final int HALTED = 86;

    private final Map<String, Disturbance> plan = new ConcurrentHashMap<>();

    /** At the run of a step. */
    void atStep(String kind, Object id, Disturbance disturbance) {
        plan.put(kind + " " + id, disturbance);
    }

    /** At a call to the gateway: authorize, capture, give-back or find. */
    void atGateway(String call, PaymentId payment, Disturbance disturbance) {
        plan.put("gateway " + call + " " + payment, disturbance);
    }

    boolean isSpent() {
        return plan.isEmpty();
    }

    Map<String, Disturbance> left() {
        return Map.copyOf(plan);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof StepHandler<?> handler) {
            return disturbed(handler);
        }
        return bean instanceof PaymentGateway gateway ? new DisturbedGateway(gateway) : bean;
    }

    private <S extends Step> StepHandler<S> disturbed(StepHandler<S> handler) {
        return new StepHandler<>() {
            @Override
            public String kind() {
                return handler.kind();
            }

            @Override
            public Class<S> type() {
                return handler.type();
            }

            @Override
            public S interrupted(S step) {
                return handler.interrupted(step);
            }

            @Override
            public StepResult take(S step) throws InterruptedException {
                Disturbance disturbance = plan.remove(step.kind() + " " + step.id());
                before(disturbance);
                StepResult result = handler.take(step);
                after(disturbance);
                return result;
            }
        };
    }

    private static void before(@Nullable Disturbance disturbance) {
        if (disturbance == Disturbance.FAIL_BEFORE) {
            throw new IllegalStateException("disturbed before it did anything");
        }
        if (disturbance == Disturbance.HALT_BEFORE) {
            Runtime.getRuntime().halt(HALTED);
        }
    }

    private static void after(@Nullable Disturbance disturbance) {
        if (disturbance == Disturbance.FAIL_AFTER) {
            throw new IllegalStateException("disturbed after it did everything");
        }
        if (disturbance == Disturbance.HALT_AFTER) {
            Runtime.getRuntime().halt(HALTED);
        }
    }

    private final class DisturbedGateway implements PaymentGateway {
        private final PaymentGateway gateway;

        DisturbedGateway(PaymentGateway gateway) {
            this.gateway = gateway;
        }

        private interface Call<A> {
            A make() throws InterruptedException;
        }

        private <A extends GatewayAnswer> A disturbed(
                String call, PaymentId payment, Class<A> type, Call<? extends A> real) throws InterruptedException {
            Disturbance disturbance = plan.remove("gateway " + call + " " + payment);
            before(disturbance);
            if (disturbance == Disturbance.UNKNOWN_BEFORE) {
                return type.cast(new GatewayAnswer.Unknown("lost on its way"));
            }
            if (disturbance == Disturbance.REFUSED) {
                return type.cast(new GatewayAnswer.Refused("AUTHORIZATION_LAPSED"));
            }
            A answer = real.make();
            after(disturbance);
            return disturbance == Disturbance.UNKNOWN_AFTER
                    ? type.cast(new GatewayAnswer.Unknown("lost on its way back"))
                    : answer;
        }

        @Override
        public GatewayAnswer.ToAuthorize authorize(PaymentId paymentId, Money amount, PaymentMethod method)
                throws InterruptedException {
            return disturbed(
                    "authorize",
                    paymentId,
                    GatewayAnswer.ToAuthorize.class,
                    () -> gateway.authorize(paymentId, amount, method));
        }

        @Override
        public GatewayAnswer.ToSettle capture(PaymentId paymentId, String reference, Money amount)
                throws InterruptedException {
            return disturbed(
                    "capture",
                    paymentId,
                    GatewayAnswer.ToSettle.class,
                    () -> gateway.capture(paymentId, reference, amount));
        }

        @Override
        public GatewayAnswer.ToSettle voidAuthorization(PaymentId paymentId, String reference)
                throws InterruptedException {
            return disturbed(
                    "give-back",
                    paymentId,
                    GatewayAnswer.ToSettle.class,
                    () -> gateway.voidAuthorization(paymentId, reference));
        }

        @Override
        public GatewayAnswer.ToSettle refund(PaymentId paymentId, String reference, Money amount)
                throws InterruptedException {
            return disturbed(
                    "give-back",
                    paymentId,
                    GatewayAnswer.ToSettle.class,
                    () -> gateway.refund(paymentId, reference, amount));
        }

        @Override
        public GatewayAnswer.ToFind find(PaymentId paymentId) throws InterruptedException {
            return disturbed("find", paymentId, GatewayAnswer.ToFind.class, () -> gateway.find(paymentId));
        }
    }
}
