package dev.onsale.waitingroom.token;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The admission keys as this node has them: those of the database where there is a master key, else those of its own file or memory.
 * Chosen when the application starts, before anybody is served; from then on read again every {@link #READ_EVERY}.
 */
public final class NodeAdmissionKeys implements AdmissionKeys, SmartLifecycle, Supervised {

    static final Duration READ_EVERY = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(NodeAdmissionKeys.class);
    private static final Duration SILENT_MAX = Duration.ofMinutes(3);

    /** After the clock of Redis, and before whatever signs or checks tokens. */
    private static final int PHASE = 20;

    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    private final @Nullable SharedAdmissionKeys shared;
    private final @Nullable KeyWrapping wrapping;
    private final @Nullable Path file;
    private final @Nullable Duration rotation;
    private final SupervisedWork work = new SupervisedWork("admission-keys", SILENT_MAX);
    private volatile @Nullable AdmissionKeys chosen;
    private @Nullable PeriodicTasks thread;

    /**
     * @param shared keys of all nodes, absent in a host without a database for them
     * @param wrapping absent in a host without a master key
     * @param file keys of this node alone
     * @param rotation how long a key signs before the next one does, absent for ever
     */
    public NodeAdmissionKeys(
            @Nullable SharedAdmissionKeys shared,
            @Nullable KeyWrapping wrapping,
            @Nullable Path file,
            @Nullable Duration rotation) {
        this.shared = shared;
        this.wrapping = wrapping;
        this.file = file;
        this.rotation = rotation;
    }

    @Override
    public synchronized void start() {
        if (chosen != null) {
            return;
        }
        if (shared == null || wrapping == null || !wrapping.isAvailable()) {
            chosen = ownKeys();
            return;
        }
        shared.start();
        chosen = shared;
        PeriodicTasks started = new PeriodicTasks("admission-keys");
        var unused = started.every(READ_EVERY, work, () -> readAndRotate(shared));
        thread = started;
    }

    private AdmissionKeys ownKeys() {
        if (file == null) {
            log.info("No onsale.waiting-room.key-file: admission tokens are good for this process only");
            return StoredAdmissionKeys.inMemory();
        }
        log.info("No master key: the admission keys are those of {}, which all nodes must have", file);
        return StoredAdmissionKeys.inFile(file);
    }

    private void readAndRotate(SharedAdmissionKeys keys) {
        keys.read();
        keys.removeFormer();
        if (rotation != null) {
            keys.rotateAfter(rotation);
        }
    }

    /** The keys of all nodes; empty where each node has its own. */
    Optional<SharedAdmissionKeys> shared() {
        return chosen == shared ? Optional.ofNullable(shared) : Optional.empty();
    }

    @Override
    public synchronized void stop() {
        PeriodicTasks running = thread;
        thread = null;
        if (running != null) {
            // The keys themselves stay: answers that are on their way still need them. A reading ends by itself:
            // interrupted, it
            // would count as a failure.
            running.stop(STOP_MAX);
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return chosen != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public ECKey signing() {
        return chosen().signing();
    }

    @Override
    public JWKSet accepted() {
        return chosen().accepted();
    }

    @Override
    public boolean acceptsTokensOf(String keyId) {
        return chosen().acceptsTokensOf(keyId);
    }

    @Override
    public boolean mayBeBehind() {
        return chosen().mayBeBehind();
    }

    @Override
    public byte[] secret(String purpose) {
        return chosen().secret(purpose);
    }

    private AdmissionKeys chosen() {
        AdmissionKeys keys = chosen;
        if (keys == null) {
            throw new IllegalStateException("The admission keys are read when the application starts");
        }
        return keys;
    }
}
