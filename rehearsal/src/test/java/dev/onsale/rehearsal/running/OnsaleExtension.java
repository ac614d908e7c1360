package dev.onsale.rehearsal.running;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Gives tests the one {@link Onsale} of their JVM; it starts for the first of them and closes after the last. */
public final class OnsaleExtension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Onsale.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (context.getExecutionMode() != ExecutionMode.SAME_THREAD) {
            throw new IllegalStateException("Tests of the shared Onsale run in turn: annotate "
                    + context.getRequiredTestClass().getSimpleName() + " with @SharedOnsale");
        }
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(Onsale.class, type -> Onsale.start(), Onsale.class);
    }
}
