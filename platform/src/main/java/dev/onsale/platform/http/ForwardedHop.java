package dev.onsale.platform.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code X-Forwarded-For} or {@code Forwarded} (RFC 7239): an address, quoted or not, an IPv6 address in brackets or
 * not, with a port or without. Names, obfuscated names and everything else are no address.
 */
final class ForwardedHop {

    private static final String PORT = "(?::(?:[0-9]{1,5}|_[0-9A-Za-z._-]{1,64}))?";
    private static final Pattern V4 = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){3})" + PORT);
    private static final Pattern V6 = Pattern.compile("\\[([0-9A-Fa-f:.]{2,45})]" + PORT + "|([0-9A-Fa-f:.]{2,45})");
    private static final Pattern FOR = Pattern.compile("(?i)for[ \\t]*=[ \\t]*(.*)");

    private ForwardedHop() {}

    /** An entry of {@code X-Forwarded-For}. */
    static @Nullable InetAddress ofForwardedFor(String entry) {
        String node = unquoted(entry.strip());
        Matcher v4 = V4.matcher(node);
        if (v4.matches()) {
            return address(v4.group(1));
        }
        Matcher v6 = V6.matcher(node);
        if (!v6.matches()) {
            return null;
        }
        String text = v6.group(1) == null ? v6.group(2) : v6.group(1);
        // Without a colon it would be an IPv4 address in brackets.
        return text.indexOf(':') < 0 ? null : address(text);
    }

    /** An entry of {@code Forwarded}: the node of its parameter {@code for}, if it has exactly one. */
    static @Nullable InetAddress ofForwarded(String entry) {
        String node = null;
        for (String parameter : entry.split(";", -1)) {
            Matcher named = FOR.matcher(parameter.strip());
            if (!named.matches()) {
                continue;
            }
            if (node != null) {
                return null;
            }
            node = named.group(1);
        }
        return node == null ? null : ofForwardedFor(node);
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** Nothing for what no client has: the unspecified address and groups. */
    private static @Nullable InetAddress address(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null) {
            return null;
        }
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            return address.isAnyLocalAddress() || address.isMulticastAddress() ? null : address;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address has 4 or 16 bytes", e);
        }
    }
}
