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
 * The admission keys of this node: from the database if there is a master key, else from its own file or memory. Chosen
 * at the start; keys of the database are read again every {@link #READ_EVERY}.
 */
public final class NodeAdmissionKeys implements AdmissionKeys, SmartLifecycle, Supervised {

    static final Duration READ_EVERY = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(NodeAdmissionKeys.class);
    private static final Duration SILENT_MAX = Duration.ofMinutes(3);

    /** Starts after the clock and before everything that signs or verifies. */
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
     * @param shared keys of all nodes, null without a database for them
     * @param wrapping null without a master key
     * @param file keys of this node
     * @param rotation how long a key signs, null for no rotation
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
            log.info("onsale.waiting-room.key-file is not set: admission tokens are valid in this process only");
            return StoredAdmissionKeys.inMemory();
        }
        log.info("No master key: the admission keys come from {}, which must be the same on all nodes", file);
        return StoredAdmissionKeys.inFile(file);
    }

    private void readAndRotate(SharedAdmissionKeys keys) {
        keys.read();
        keys.removeFormer();
        if (rotation != null) {
            keys.rotateAfter(rotation);
        }
    }

    /** The shared keys; empty if each node has its own. */
    Optional<SharedAdmissionKeys> shared() {
        return chosen == shared ? Optional.ofNullable(shared) : Optional.empty();
    }

    @Override
    public synchronized void stop() {
        PeriodicTasks running = thread;
        thread = null;
        if (running != null) {
            // The keys are kept for requests that are still running. A read is not interrupted, which would count as a
            // failure.
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
            throw new IllegalStateException("The admission keys have not been read yet");
        }
        return keys;
    }
}
