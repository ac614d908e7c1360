package dev.onsale.proof.sealing;

import java.util.Iterator;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;

/** A provider of one bean. */
final class FixedProvider<T> implements ObjectProvider<T> {

    private final T bean;

    FixedProvider(T bean) {
        this.bean = bean;
    }

    @Override
    public T getObject() {
        return bean;
    }

    @Override
    public T getIfAvailable() {
        return bean;
    }

    @Override
    public Iterator<T> iterator() {
        return List.of(bean).iterator();
    }
}
