package dev.onsale.platform.ratelimit;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/** A network such as {@code 127.0.0.0/8} or {@code ::1}. Names are never resolved. */
final class Network {

    private final byte[] first;
    private final int bits;

    private Network(byte[] first, int bits) {
        this.first = first;
        this.bits = bits;
    }

    static Network of(String text) {
        int slash = text.indexOf('/');
        byte[] first = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        int bits = bits(slash < 0 ? null : text.substring(slash + 1), first == null ? 0 : first.length * 8);
        if (first == null || bits < 0) {
            throw new IllegalArgumentException(
                    "onsale.web.rate-limit.exempt-addresses are networks such as 10.0.0.0/8, not " + text);
        }
        return new Network(first, bits);
    }

    private static int bits(@Nullable String text, int max) {
        if (text == null) {
            return max;
        }
        return text.matches("\\d{1,3}") && Integer.parseInt(text) <= max ? Integer.parseInt(text) : -1;
    }

    boolean has(byte[] address) {
        if (address.length != first.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += 8) {
            int mask = bits - bit >= 8 ? 0xFF : (0xFF << (8 - (bits - bit))) & 0xFF;
            if ((address[bit / 8] & mask) != (first[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
