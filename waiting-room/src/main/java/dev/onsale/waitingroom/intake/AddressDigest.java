package dev.onsale.waitingroom.intake;

import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.token.AdmissionKeys;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Digests of network addresses, to count joins per address without storing addresses. */
@Component
final class AddressDigest {

    private static final int DIGEST_BYTES = 12;

    /** The owner of an IPv6 network has 2^64 addresses. */
    private static final int NETWORK_BYTES_V6 = 8;

    private final Supplier<byte[]> key;

    @Autowired
    AddressDigest(AdmissionKeys keys) {
        this(() -> keys.secret(AdmissionKeys.ADDRESSES));
    }

    /**
     * @param key the same on every node; read at the first address
     */
    AddressDigest(Supplier<byte[]> key) {
        this.key = key;
    }

    @Nullable
    String digest(SaleId sale, @Nullable InetAddress address) {
        if (address == null) {
            return null;
        }
        byte[] bytes = address.getAddress();
        byte[] network = address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES_V6) : bytes;
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.get(), "HmacSHA256"));
            mac.update(sale.value().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(network), 0, DIGEST_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
    }
}
