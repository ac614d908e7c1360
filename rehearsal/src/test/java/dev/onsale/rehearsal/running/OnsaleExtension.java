package dev.onsale.rehearsal.running;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Injects the shared {@link Onsale} of the JVM. It starts with the first test that needs it and closes after the last
 * one.
 */
public final class OnsaleExtension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Onsale.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (context.getExecutionMode() != ExecutionMode.SAME_THREAD) {
            throw new IllegalStateException("Tests of the shared Onsale must run sequentially: annotate "
                    + context.getRequiredTestClass().getSimpleName() + " with @SharedOnsale");
        }
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(Onsale.class, type -> Onsale.start(), Onsale.class);
    }
}
