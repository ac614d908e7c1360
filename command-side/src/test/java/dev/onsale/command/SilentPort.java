package dev.onsale.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A port that accepts connections and, until it is told to forward them to a service, never answers. */
public final class SilentPort implements AutoCloseable {

    private final ServerSocket server;
    private final String host;
    private final int port;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile boolean answering;

    public SilentPort(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Connections that were made before stay without an answer. */
    public void answer(boolean answers) {
        answering = answers;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                if (answering) {
                    Socket service = new Socket(host, port);
                    open.add(service);
                    Thread.ofVirtual().start(() -> pump(client, service));
                    Thread.ofVirtual().start(() -> pump(service, client));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            byte[] buffer = new byte[8_192];
            int read = from.getInputStream().read(buffer);
            while (read >= 0) {
                if (answering) {
                    to.getOutputStream().write(buffer, 0, read);
                }
                read = from.getInputStream().read(buffer);
            }
        } catch (IOException closed) {
            // One side is gone; the other one is closed with it.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
