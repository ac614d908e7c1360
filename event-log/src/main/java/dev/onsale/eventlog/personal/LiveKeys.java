package dev.onsale.eventlog.personal;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PersonalKeyId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds the live keys of persons and makes those that are missing, for all who ask at the same time in two statements: in a crowd
 * almost everybody pays for the first time. Whoever has the turn serves those who wait for it, no more than requests are under way.
 */
final class LiveKeys {

    private static final int AT_ONCE_MAX = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JdbcClient jdbc;
    private final Supplier<MasterKey> master;
    private final Clock clock;
    private final Queue<Wish> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();

    LiveKeys(JdbcClient jdbc, Supplier<MasterKey> master, Clock clock) {
        this.jdbc = jdbc;
        this.master = master;
        this.clock = clock;
    }

    /** A key, its name and whose it is. */
    record NamedKey(PersonalKeyId id, BuyerId owner, SecretKey secret) {}

    private record Wish(BuyerId owner, CompletableFuture<NamedKey> key) {}

    /**
     * @param making called with a key before it is made
     * @throws RuntimeException thrown by the database for the whole batch
     */
    NamedKey of(BuyerId owner, Consumer<NamedKey> making) {
        Wish wish = new Wish(owner, new CompletableFuture<>());
        waiting.add(wish);
        try {
            while (!wish.key().isDone()) {
                if (!turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    waiting.remove(wish);
                    throw new QueryTimeoutException("The keys of others took longer than " + PATIENCE);
                }
                try {
                    serveUnless(wish, making);
                } finally {
                    turn.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            waiting.remove(wish);
            throw new IllegalStateException("The node stops", e);
        }
        if (wish.key().isCompletedExceptionally()) {
            throw new KeysNotReadException(wish.key().exceptionNow());
        }
        return wish.key().resultNow();
    }

    private void serveUnless(Wish own, Consumer<NamedKey> making) {
        if (own.key().isDone()) {
            return;
        }
        List<Wish> wishes = new ArrayList<>();
        for (Wish next = waiting.poll(); next != null; next = wishes.size() < AT_ONCE_MAX ? waiting.poll() : null) {
            wishes.add(next);
        }
        serve(wishes, making);
    }

    private void serve(List<Wish> wishes, Consumer<NamedKey> making) {
        try {
            Map<BuyerId, NamedKey> keys =
                    foundOrMade(wishes.stream().map(Wish::owner).distinct().toList(), making);
            wishes.forEach(wish -> wish.key().complete(Objects.requireNonNull(keys.get(wish.owner()))));
        } catch (DataAccessException away) {
            wishes.forEach(wish -> wish.key().completeExceptionally(away));
        } catch (RuntimeException failure) {
            if (wishes.size() == 1) {
                wishes.getFirst().key().completeExceptionally(failure);
            } else {
                // One row that does not open must not keep the others from theirs.
                wishes.forEach(wish -> serve(List.of(wish), making));
            }
        }
    }

    private Map<BuyerId, NamedKey> foundOrMade(Collection<BuyerId> owners, Consumer<NamedKey> making) {
        return LostRaces.again(() -> {
            Map<BuyerId, NamedKey> keys = found(owners);
            List<NamedKey> missing = owners.stream()
                    .filter(owner -> !keys.containsKey(owner))
                    // Two nodes that lock in one order do not lock each other out.
                    .sorted(Comparator.comparing(BuyerId::value))
                    .map(owner -> new NamedKey(PersonalKeyId.next(), owner, Aead.newKey()))
                    .toList();
            if (!missing.isEmpty()) {
                missing.forEach(making);
                insert(missing);
                missing.forEach(key -> keys.put(key.owner(), key));
            }
            return keys;
        });
    }

    private Map<BuyerId, NamedKey> found(Collection<BuyerId> owners) {
        Map<BuyerId, NamedKey> found = new HashMap<>();
        jdbc.sql("SELECT key_id, buyer_id, wrapped_key FROM personal_key WHERE buyer_id IN (:owners) AND live = TRUE")
                .param("owners", owners.stream().map(BuyerId::toString).collect(Collectors.toSet()))
                .query(row -> {
                    NamedKey key = key(row);
                    found.put(key.owner(), key);
                });
        return found;
    }

    NamedKey key(ResultSet row) throws SQLException {
        PersonalKeyId id = PersonalKeyId.of(row.getString("key_id"));
        BuyerId owner = BuyerId.of(row.getString("buyer_id"));
        return new NamedKey(id, owner, master.get().unwrap(id, owner, row.getBytes("wrapped_key")));
    }

    /**
     * @throws DuplicateKeyException if another node has made one of them meanwhile: the table decides between two
     */
    private void insert(List<NamedKey> made) {
        List<Object> values = new ArrayList<>();
        for (NamedKey key : made) {
            values.add(key.id().toString());
            values.add(key.owner().toString());
            values.add(master.get().wrap(key.id(), key.owner(), key.secret()));
            values.add(clock.instant().toString());
        }
        jdbc.sql("INSERT INTO personal_key (key_id, buyer_id, live, wrapped_key, created_at) VALUES "
                        + String.join(", ", Collections.nCopies(made.size(), "(?, ?, TRUE, ?, ?)")))
                .params(values)
                .update();
    }
}
