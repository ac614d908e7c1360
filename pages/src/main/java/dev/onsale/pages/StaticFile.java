package dev.onsale.pages;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;

/** One file in memory, as it is and compressed. */
final class StaticFile {

    private static final Map<String, MediaType> TYPES = Map.of(
            "js", MediaType.parseMediaType("text/javascript;charset=UTF-8"),
            "css", MediaType.parseMediaType("text/css;charset=UTF-8"),
            "json", MediaType.APPLICATION_JSON,
            "svg", MediaType.parseMediaType("image/svg+xml"),
            "html", MediaType.parseMediaType("text/html;charset=UTF-8"));

    private final String name;
    private final MediaType type;
    private final byte[] content;
    private final byte[] compressed;
    private final String digest;

    /**
     * @param name path within the assets, such as {@code hall/map.js}
     */
    StaticFile(String name, byte[] content) {
        MediaType known = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (known == null) {
            throw new IllegalArgumentException("The pages have no files like " + name);
        }
        this.name = name;
        this.type = known;
        this.content = content.clone();
        this.compressed = gzip(content);
        this.digest = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Digests.sha256().digest(content));
    }

    String name() {
        return name;
    }

    MediaType type() {
        return type;
    }

    String digest() {
        return digest;
    }

    /** The two forms have different bytes, and so different tags. */
    String etag(boolean gzip) {
        return '"' + digest + (gzip ? "-gzip" : "") + '"';
    }

    int size(boolean gzip) {
        return bytes(gzip).length;
    }

    DataBuffer body(boolean gzip, DataBufferFactory buffers) {
        return buffers.wrap(bytes(gzip));
    }

    /** The scripts of the hall and of a receipt are loaded with them, those of workers by workers. */
    boolean isForEveryPage() {
        return name.endsWith(".js")
                && !name.startsWith("hall/")
                && !name.startsWith("receipt/")
                && !name.startsWith("worker/")
                && !name.equals("views/hall.js");
    }

    private byte[] bytes(boolean gzip) {
        return gzip ? compressed : content;
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("Memory cannot be written to", e);
        }
        return compressed.toByteArray();
    }
}
