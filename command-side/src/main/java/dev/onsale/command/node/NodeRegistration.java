package dev.onsale.command.node;

import dev.onsale.command.node.Member.State;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.LocalDateTime;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The row of this node. Each start, and each return after the row was removed, has a new id: an id kept in a file would be used by two
 * nodes when the file is copied. Thread-safe.
 */
final class NodeRegistration {

    private final ProcessName process = ProcessName.own();
    private final String address;
    private final BiFunction<String, byte[], @Nullable String> seal;
    private volatile String id = UUID.randomUUID().toString();
    private volatile State state = State.STARTING;
    private int port;
    private byte @Nullable [] secret;

    /**
     * @param address where other nodes connect to
     * @param seal seals the secret of the node with this id
     */
    NodeRegistration(String address, BiFunction<String, byte[], @Nullable String> seal) {
        this.address = address;
        this.seal = seal;
    }

    /** Under a new id. */
    synchronized void join(NodeTable table) {
        id = UUID.randomUUID().toString();
        table.register(new Member(
                id,
                state,
                process.text(),
                host(),
                ProcessHandle.current().pid(),
                address,
                port,
                sealed(),
                0,
                LocalDateTime.MIN,
                false));
    }

    private @Nullable String sealed() {
        return secret == null ? null : seal.apply(id, secret);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    synchronized void ready(NodeTable table, int listening, byte[] key) {
        port = listening;
        secret = key.clone();
        state = State.READY;
        table.describe(id, state, port, sealed());
    }

    synchronized void leaving(NodeTable table) {
        state = State.LEAVING;
        table.describe(id, state, port, sealed());
    }

    String id() {
        return id;
    }

    boolean isReady() {
        return state == State.READY;
    }

    boolean isLeaving() {
        return state == State.LEAVING;
    }

    ProcessName process() {
        return process;
    }
}
