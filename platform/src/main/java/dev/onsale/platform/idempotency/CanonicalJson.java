package dev.onsale.platform.idempotency;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes a JSON document in one form for all documents of the same meaning. Properties are sorted by name, spaces and string
 * escapes do not count, and a number is its value: {@code 1}, {@code 1.0} and {@code 1e0} are equal. A property that is there
 * twice stays there twice, in the order of the document. No tree is built: the memory needed is that of the document itself.
 */
final class CanonicalJson {

    private static final JsonFactory JSON = new JsonFactory();

    private final JsonParser parser;
    private final Output out;

    private CanonicalJson(JsonParser parser, Output out) {
        this.parser = parser;
        this.out = out;
    }

    /** Nothing if the bytes are not one JSON object or list. */
    static byte @Nullable [] of(byte[] document) {
        Output out = new Output(document.length + 16);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), document)) {
            JsonToken first = parser.nextToken();
            if (first == null || !first.isStructStart()) {
                return null;
            }
            new CanonicalJson(parser, out).value(first);
            return parser.nextToken() == null ? out.toByteArray() : null;
        } catch (JacksonException malformed) {
            return null;
        }
    }

    private void value(JsonToken token) {
        switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> list();
            case VALUE_STRING -> out.text('s', parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.text('n', number(parser.getDecimalValue()));
            case VALUE_TRUE -> out.write('t');
            case VALUE_FALSE -> out.write('f');
            default -> out.write('z');
        }
    }

    private void list() {
        out.write('[');
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            value(token);
        }
        out.write(']');
    }

    private void object() {
        out.write('{');
        int start = out.size();
        List<Property> properties = new ArrayList<>();
        boolean sorted = true;
        String last = "";
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_OBJECT; token = parser.nextToken()) {
            String name = parser.currentName();
            int from = out.size();
            out.text('p', name);
            value(parser.nextToken());
            properties.add(new Property(name, from, out.size()));
            sorted &= last.compareTo(name) <= 0;
            last = name;
        }
        if (!sorted) {
            // A stable sort: of two properties with one name the later one counts, so their order is part of the
            // meaning.
            properties.sort(Comparator.comparing(Property::name));
            out.reorder(start, properties);
        }
        out.write('}');
    }

    /** Digits and exponent without trailing zeros; never written out, because the exponent may be large. */
    private static String number(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.signum() == 0 ? "0" : stripped.unscaledValue() + "e" + -(long) stripped.scale();
    }

    private record Property(String name, int from, int to) {}

    private static final class Output extends ByteArrayOutputStream {

        Output(int size) {
            super(size);
        }

        void text(char kind, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            write(kind);
            for (int shift = 24; shift >= 0; shift -= 8) {
                write(bytes.length >>> shift);
            }
            writeBytes(bytes);
        }

        synchronized void reorder(int start, List<Property> properties) {
            byte[] sorted = new byte[count - start];
            int at = 0;
            for (Property property : properties) {
                int length = property.to() - property.from();
                System.arraycopy(buf, property.from(), sorted, at, length);
                at += length;
            }
            System.arraycopy(sorted, 0, buf, start, sorted.length);
        }
    }
}
