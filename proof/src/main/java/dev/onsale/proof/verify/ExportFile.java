package dev.onsale.proof.verify;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of an export, compressed or not. It decompresses with {@link java.util.zip.Inflater}, because
 * {@link java.util.zip.GZIPInputStream} ignores bytes in the header and after the end. Not thread-safe.
 */
final class ExportFile implements AutoCloseable {

    /** The GZIP header as Java writes it. Files compressed by other programs are refused. */
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int LINE_BYTES_MAX = 64 * 1024 * 1024;
    private static final int CHUNK_BYTES = 64 * 1024;

    private final InputStream in;
    private final @Nullable Inflater inflater;
    private final CRC32 crc = new CRC32();
    private final byte[] compressed = new byte[CHUNK_BYTES];
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int chunkLength;
    private int chunkNext;
    private long unpacked;
    private int lastRead;
    private boolean atEnd;

    private ExportFile(InputStream in, @Nullable Inflater inflater) {
        this.in = in;
        this.inflater = inflater;
    }

    static ExportFile open(Path file) throws IOException, DamagedFileException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), CHUNK_BYTES);
        in.mark(GZIP_HEADER.length);
        byte[] start = in.readNBytes(GZIP_HEADER.length);
        if (start.length == 0) {
            in.close();
            throw new DamagedFileException("The file is empty");
        }
        if (start[0] == '{') {
            in.reset();
            return new ExportFile(in, null);
        }
        if (!Arrays.equals(start, GZIP_HEADER)) {
            in.close();
            throw new DamagedFileException(
                    "The file is neither an export nor an export compressed by Onsale. If another program"
                            + " compressed it, decompress it first");
        }
        return new ExportFile(in, new Inflater(true));
    }

    /**
     * The next line without its line feed; {@code null} at the end.
     *
     * @throws DamagedFileException if the next line cannot be read completely
     */
    byte @Nullable [] next() throws IOException, DamagedFileException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (chunkNext == chunkLength && !fill()) {
                if (line.size() > 0) {
                    throw new DamagedFileException("The last line is truncated");
                }
                return null;
            }
            int from = chunkNext;
            while (chunkNext < chunkLength && chunk[chunkNext] != '\n') {
                chunkNext++;
            }
            line.write(chunk, from, chunkNext - from);
            if (line.size() > LINE_BYTES_MAX) {
                throw new DamagedFileException("A line has more than " + LINE_BYTES_MAX + " bytes");
            }
            if (chunkNext < chunkLength) {
                chunkNext++;
                return line.toByteArray();
            }
        }
    }

    static @Nullable String text(byte[] line) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }

    private boolean fill() throws IOException, DamagedFileException {
        chunkNext = 0;
        chunkLength = 0;
        if (atEnd) {
            return false;
        }
        if (inflater == null) {
            int read = in.read(chunk);
            atEnd = read < 0;
            chunkLength = Math.max(0, read);
            return !atEnd;
        }
        return inflate(inflater);
    }

    private boolean inflate(Inflater from) throws IOException, DamagedFileException {
        try {
            while (true) {
                int length = from.inflate(chunk);
                if (length > 0) {
                    crc.update(chunk, 0, length);
                    unpacked += length;
                    chunkLength = length;
                    return true;
                }
                if (from.finished()) {
                    requireTrailer(from.getRemaining());
                    atEnd = true;
                    return false;
                }
                int read = in.read(compressed);
                if (read < 0) {
                    throw new DamagedFileException("The compressed file is truncated");
                }
                from.setInput(compressed, 0, read);
                lastRead = read;
            }
        } catch (DataFormatException damaged) {
            throw new DamagedFileException("The compressed bytes are damaged: " + damaged.getMessage());
        }
    }

    private void requireTrailer(int left) throws IOException, DamagedFileException {
        byte[] behind = new byte[left + 2 * Integer.BYTES];
        System.arraycopy(compressed, lastRead - left, behind, 0, left);
        int missing = Math.max(0, 2 * Integer.BYTES - left);
        if (in.readNBytes(behind, left, missing) < missing) {
            throw new DamagedFileException("The compressed file is truncated in its trailer");
        }
        ByteBuffer trailer = ByteBuffer.wrap(behind).order(ByteOrder.LITTLE_ENDIAN);
        if (Integer.toUnsignedLong(trailer.getInt()) != crc.getValue() || trailer.getInt() != (int) unpacked) {
            throw new DamagedFileException("The checksum of the compressed file does not match");
        }
        if (left > 2 * Integer.BYTES || in.read() >= 0) {
            throw new DamagedFileException("There are bytes after the end of the compressed file");
        }
    }

    @Override
    public void close() throws IOException {
        if (inflater != null) {
            inflater.end();
        }
        in.close();
    }
}
