package dev.onsale.platform.http;

import org.jspecify.annotations.Nullable;

/**
 * Looks at the bytes of a JSON document before anything is built of it: whether they are valid UTF-8 and every escaped surrogate
 * has its other half, how deep it is nested, and how many members any one list or object has. What it finds is what Jackson
 * would take without a word, or only after it has built it. Needs no memory beyond a counter for each level.
 */
final class JsonShape {

    static final int DEPTH_MAX = 64;

    private static final String NOT_UNICODE = "The body is not valid Unicode text";
    private static final int NONE = -1;

    private final byte[] bytes;
    private final int membersMax;
    private final int[] commas = new int[DEPTH_MAX + 1];
    private int depth;
    private int at;

    private JsonShape(byte[] bytes, int membersMax) {
        this.bytes = bytes;
        this.membersMax = membersMax;
    }

    /** What is wrong with it, in one sentence; nothing if it may be parsed. Whether it is JSON at all is for the parser to say. */
    static @Nullable String fault(byte[] json, int membersMax) {
        return new JsonShape(json, membersMax).fault();
    }

    private @Nullable String fault() {
        while (at < bytes.length) {
            byte next = bytes[at++];
            String fault =
                    switch (next) {
                        case '"' -> text();
                        case '[', '{' -> open();
                        case ']', '}' -> close();
                        case ',' -> member();
                        default -> next < 0 ? utf8(next) : null;
                    };
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private @Nullable String open() {
        if (depth == DEPTH_MAX) {
            return "The body is nested deeper than " + DEPTH_MAX + " levels";
        }
        commas[++depth] = 0;
        return null;
    }

    private @Nullable String close() {
        depth = Math.max(0, depth - 1);
        return null;
    }

    private @Nullable String member() {
        return ++commas[depth] >= membersMax
                ? "A list or object of the body has more than " + membersMax + " members"
                : null;
    }

    private @Nullable String text() {
        boolean halfOpen = false;
        while (at < bytes.length) {
            byte next = bytes[at++];
            int unit = next == '\\' ? escaped() : NONE;
            boolean low = unit != NONE && Character.isLowSurrogate((char) unit);
            // A high surrogate is followed by a low one, and a low one follows nothing else.
            if (low != halfOpen) {
                return NOT_UNICODE;
            }
            halfOpen = unit != NONE && Character.isHighSurrogate((char) unit);
            if (next == '"') {
                return null;
            }
            if (next < 0 && utf8(next) != null) {
                return NOT_UNICODE;
            }
        }
        return null;
    }

    /** The code unit of an escape of four digits; nothing for any other, and for one that is malformed. */
    private int escaped() {
        if (at >= bytes.length || bytes[at++] != 'u' || at + 4 > bytes.length) {
            return NONE;
        }
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(bytes[at + i], 16);
            if (digit < 0) {
                return NONE;
            }
            unit = unit * 16 + digit;
        }
        at += 4;
        return unit;
    }

    /** Table 3-7 of the Unicode standard: neither overlong forms nor surrogates nor anything beyond U+10FFFF. */
    private @Nullable String utf8(byte first) {
        int lead = first & 0xFF;
        int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4 || at + more > bytes.length) {
            return NOT_UNICODE;
        }
        int second = bytes[at] & 0xFF;
        int min = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int max = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < min || second > max) {
            return NOT_UNICODE;
        }
        for (int i = 1; i < more; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return NOT_UNICODE;
            }
        }
        at += more;
        return null;
    }
}
