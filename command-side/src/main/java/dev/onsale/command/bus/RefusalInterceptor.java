package dev.onsale.command.bus;

import dev.onsale.api.RefusedException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Returns a refusal as a value. As an exception it would roll the unit of work back, which removes all its aggregates from the
 * cache. When nearly all answers are refusals, each command would load them again.
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
