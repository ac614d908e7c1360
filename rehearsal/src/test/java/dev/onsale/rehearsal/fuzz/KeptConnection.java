package dev.onsale.rehearsal.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** A persistent connection. Reads each response by its framing. Not thread-safe. */
final class KeptConnection implements AutoCloseable {

    private static final int HEAD_BYTES_MAX = 64 << 10;
    private static final List<String> WITHOUT_BODY = List.of("204", "304");

    private final Socket socket;
    private final InputStream in;
    private boolean open = true;
    private int answers;

    KeptConnection(int port, int answerMillisMax) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(answerMillisMax);
        in = new BufferedInputStream(socket.getInputStream());
    }

    boolean isOpen() {
        return open;
    }

    /** Number of responses read. */
    int answers() {
        return answers;
    }

    /**
     * Sends one request and reads the whole response: status line, headers and body.
     *
     * @throws EOFException if the server closed the connection before the end of the response
     * @throws java.net.SocketTimeoutException if there is no response in time
     */
    String exchange(Fuzzer.Made made) throws IOException {
        open = false;
        socket.getOutputStream().write(made.bytes().array());
        String head = head();
        while (head.startsWith("HTTP/1.1 1")) {
            head = head();
        }
        String headers = head.toLowerCase(Locale.ROOT);
        boolean closes = headers.contains("\r\nconnection: close");
        String body = "";
        if (!made.line().startsWith("HEAD ") && !WITHOUT_BODY.contains(head.substring(9, 12))) {
            String length = value(headers, "content-length");
            if (headers.contains("\r\ntransfer-encoding: chunked")) {
                body = chunks();
            } else if (length.isEmpty()) {
                body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                closes = true;
            } else {
                body = text(Integer.parseInt(length));
            }
        }
        answers++;
        open = !closes && made.keepAlive();
        return head + body;
    }

    private static String value(String headers, String name) {
        int at = headers.indexOf("\r\n" + name + ":");
        return at < 0
                ? ""
                : headers.substring(at + name.length() + 3, headers.indexOf("\r\n", at + 2))
                        .strip();
    }

    private String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            head.writeBytes(line());
            if (head.size() > HEAD_BYTES_MAX) {
                throw new IOException("The head of the response is too long");
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private byte[] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next;
        do {
            next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            line.write(next);
        } while (next != '\n');
        return line.toByteArray();
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        int size;
        do {
            size = Integer.parseInt(new String(line(), StandardCharsets.ISO_8859_1).strip(), 16);
            body.append(text(size));
            line();
        } while (size > 0);
        return body.toString();
    }

    private String text(int bytes) throws IOException {
        byte[] all = in.readNBytes(bytes);
        if (all.length < bytes) {
            throw new EOFException();
        }
        return new String(all, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        open = false;
        socket.close();
    }
}
