package dev.onsale.command.bus;

import dev.onsale.api.RefusedException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Brings a refusal home as a value. As an exception it would roll the unit of work back, and with it throw every aggregate
 * it looked at out of the cache: in a stampede, where nearly all answers are "no", each would load them all again.
 */
final class RefusalInterceptor implements MessageHandlerInterceptor<CommandMessage<?>> {

    /** Set on a unit of work as soon as a fact was applied in it; from then on a refusal must roll back. */
    static final String FACTS_APPLIED = RefusalInterceptor.class.getName();

    @Override
    public Object handle(UnitOfWork<? extends CommandMessage<?>> unitOfWork, InterceptorChain chain) throws Exception {
        try {
            return chain.proceed();
        } catch (RefusedException refused) {
            if (unitOfWork.getResource(FACTS_APPLIED) != null) {
                throw refused;
            }
            return refused;
        }
    }
}
