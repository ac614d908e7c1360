package dev.onsale.command.bus;

import java.util.concurrent.Callable;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;

/** Loading without checked exceptions and without a difference between "not yet" and "already there". */
public final class RepositoryAccess {

    private RepositoryAccess() {}

    /**
     * The aggregate with its facts so far, or a fresh one. A fresh aggregate that applies no event
     * stores nothing.
     */
    public static <T> Aggregate<T> loadOrCreate(Repository<T> repository, String id, Callable<T> fresh) {
        try {
            return repository.loadOrCreate(id, fresh);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("A constructor that throws no checked exception threw one", e);
        }
    }
}
