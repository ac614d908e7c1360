package dev.onsale.saga.webhook;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Checks {@code t=<seconds>,v1=<hex>}: HMAC-SHA256 over {@code <t>.<body>}, and a time that is about now. */
record WebhookSignature(String secret, Duration ageMax) {

    private static final Pattern TIME = Pattern.compile("(?:^|,)t=([0-9]{1,12})(?:,|$)");

    /** There may be several while a secret is replaced. */
    private static final Pattern MAC = Pattern.compile("(?:^|,)v1=([0-9a-f]{64})(?=,|$)");

    private static final int HEADER_LENGTH_MAX = 1_000;
    private static final String ALGORITHM = "HmacSHA256";

    /**
     * @throws RefusedException with {@code WEBHOOK_REFUSED}; it never says which part was wrong
     */
    void require(@Nullable String header, byte[] body, Instant now) {
        String given = header == null || header.length() > HEADER_LENGTH_MAX ? "" : header;
        Matcher time = TIME.matcher(given);
        if (secret.isEmpty() || !time.find()) {
            throw refused();
        }
        byte[] expected = mac(time.group(1), body);
        boolean signed = MAC.matcher(given)
                .results()
                .anyMatch(mac -> MessageDigest.isEqual(expected, HexFormat.of().parseHex(mac.group(1))));
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(time.group(1))), now);
        if (!signed || age.abs().compareTo(ageMax) > 0) {
            throw refused();
        }
    }

    private byte[] mac(String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is part of every Java platform", e);
        }
    }

    private static RefusedException refused() {
        return new RefusedException(RefusalCode.WEBHOOK_REFUSED, "The call is not signed by the gateway, or not now");
    }
}
