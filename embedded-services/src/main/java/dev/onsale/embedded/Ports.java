package dev.onsale.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Finds and checks ports of the loopback address. Thread-safe. */
final class Ports {

    // Below Linux's range of ephemeral ports, so that no outgoing connection takes the port before the server binds it.
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 200;

    // Each port is returned only once: a server binds its port some time later.
    private static final Set<Integer> HANDED_OUT = ConcurrentHashMap.newKeySet();

    private Ports() {}

    static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port) && HANDED_OUT.add(port)) {
                return port;
            }
        }
        throw new EmbeddedServicesException(
                "No free port was found on %s between %d and %d: stop the processes that use them, or configure the ports."
                        .formatted(EmbeddedAddresses.HOST, LOWEST, HIGHEST));
    }

    static boolean isFree(int port) {
        return ChildProcesses.whileNoneIsForked(() -> canBind(port));
    }

    private static boolean canBind(int port) {
        try (var socket = new ServerSocket()) {
            // As the servers do: connections in TIME_WAIT do not count as taken.
            socket.setReuseAddress(true);
            socket.bind(onLoopback(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    static InetSocketAddress onLoopback(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    static void requireFree(Service service, int port) {
        if (!isFree(port)) {
            throw new EmbeddedServicesException(
                    "Port %d on %s, wanted for %s, is already taken: stop what uses it, or set %s to another port (0 takes a free one)."
                            .formatted(port, EmbeddedAddresses.HOST, service.label(), service.portProperty()));
        }
    }
}
