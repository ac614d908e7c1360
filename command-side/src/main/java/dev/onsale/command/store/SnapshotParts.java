package dev.onsale.command.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The bytes of a snapshot as rows of 256 kB, one of them in memory at a time. */
final class SnapshotParts {

    /** Small enough for the collector to move: a part of a megabyte would take two of its regions. */
    private static final int PART_BYTES = 1 << 18;

    private SnapshotParts() {}

    static void removeOlder(JdbcClient jdbc, String aggregateId, long sequence) {
        jdbc.sql("DELETE FROM snapshot_part WHERE aggregate_identifier = ? AND sequence_number < ?")
                .params(aggregateId, sequence)
                .update();
    }

    static void store(JdbcClient jdbc, String aggregateId, long sequence, int number, byte[] part) {
        jdbc.sql(
                        "REPLACE INTO snapshot_part (aggregate_identifier, sequence_number, part, payload) VALUES (?, ?, ?, ?)")
                .params(aggregateId, sequence, number, part)
                .update();
    }

    /** Receives the parts. */
    interface Sink {
        void take(int number, byte[] part);
    }

    static final class Out extends OutputStream {

        private final Sink sink;
        private final byte[] part = new byte[PART_BYTES];
        private int used;
        private int number;
        private int bytes;

        Out(Sink sink) {
            this.sink = sink;
        }

        int bytes() {
            return bytes;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            for (int done = 0; done < length; ) {
                int now = Math.min(length - done, PART_BYTES - used);
                System.arraycopy(source, offset + done, part, used, now);
                used += now;
                done += now;
                if (used == PART_BYTES) {
                    send();
                }
            }
        }

        @Override
        public void close() {
            if (used > 0) {
                send();
            }
        }

        private void send() {
            sink.take(number++, Arrays.copyOf(part, used));
            bytes = Math.addExact(bytes, used);
            used = 0;
        }
    }

    static final class In extends InputStream {

        private final JdbcClient jdbc;
        private final String aggregateId;
        private final long sequence;
        private byte[] part = {};
        private int at;
        private int number;
        private int bytes;
        private boolean ended;

        In(JdbcClient jdbc, String aggregateId, long sequence) {
            this.jdbc = jdbc;
            this.aggregateId = aggregateId;
            this.sequence = sequence;
        }

        int bytes() {
            return bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            while (at == part.length && !ended) {
                fetch();
            }
            if (ended) {
                return -1;
            }
            int now = Math.min(length, part.length - at);
            System.arraycopy(part, at, target, offset, now);
            at += now;
            return now;
        }

        private void fetch() {
            Optional<byte[]> next = jdbc.sql(
                            "SELECT payload FROM snapshot_part WHERE aggregate_identifier = ? AND sequence_number = ? AND part = ?")
                    .params(aggregateId, sequence, number++)
                    .query((row, index) -> row.getBytes(1))
                    .optional();
            part = next.orElse(new byte[0]);
            at = 0;
            bytes = Math.addExact(bytes, part.length);
            ended = next.isEmpty();
        }
    }
}
