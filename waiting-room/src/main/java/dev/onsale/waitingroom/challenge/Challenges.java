package dev.onsale.waitingroom.challenge;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Creates challenges and verifies solutions without storing either: a solution contains its signed challenge. */
public final class Challenges {

    public static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final String ALGORITHM = "SHA-256";
    private static final int SALT_BYTES = 12;
    private static final int ANSWER_CHARACTERS_MAX = 2_000;
    private static final Pattern SALT =
            Pattern.compile("[0-9a-f]{24}\\?expires=([0-9]{1,12})&sale=([A-Za-z0-9_-]{1,64})&");
    private static final HexFormat HEX = HexFormat.of();

    private final Supplier<byte[]> key;
    private final JsonMapper json;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param key the same on every node
     */
    public Challenges(byte[] key, JsonMapper json, Clock clock) {
        this(key::clone, json, clock);
    }

    /**
     * @param key the same on every node; read for the first challenge
     */
    public Challenges(Supplier<byte[]> key, JsonMapper json, Clock clock) {
        this.key = key;
        this.json = json;
        this.clock = clock;
    }

    /**
     * @param numbers maximum number of attempts
     */
    public Challenge create(String sale, int numbers) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        long expires = clock.instant().plus(LIFETIME).getEpochSecond();
        // Ends with &, so digits of the number cannot become part of the salt.
        String salted = HEX.formatHex(salt) + "?expires=" + expires + "&sale=" + sale + "&";
        String challenge = challenge(salted, random.nextInt(numbers + 1));
        return new Challenge(ALGORITHM, challenge, numbers, salted, signature(challenge));
    }

    /**
     * Returns the solved challenge.
     *
     * @param payload Base64 of JSON, as the widget sends it
     * @throws RefusedException with {@code PROOF_OF_WORK_REQUIRED} if it is wrong, expired or for another room
     */
    public String verify(String sale, String payload) {
        return verify(sale, payload, clock.instant());
    }

    /** The same for a solution that was sent at an earlier instant. */
    public String verify(String sale, String payload, Instant at) {
        if (payload.length() > ANSWER_CHARACTERS_MAX) {
            throw wrong("This is not a solution of a challenge");
        }
        try {
            JsonNode answer = json.readTree(Base64.getDecoder().decode(payload));
            String challenge = answer.path("challenge").asString("");
            String salt = answer.path("salt").asString("");
            Matcher form = SALT.matcher(salt);
            if (!ALGORITHM.equals(answer.path("algorithm").asString(""))
                    || !answer.path("number").isIntegralNumber()
                    || !form.matches()
                    || !same(signature(challenge), answer.path("signature").asString(""))
                    || !same(challenge, challenge(salt, answer.path("number").asLong()))) {
                throw wrong("The solution is wrong, or the challenge is not genuine");
            }
            if (!form.group(2).equals(sale)) {
                throw wrong("The challenge is for another waiting room");
            }
            if (Long.parseLong(form.group(1)) <= at.getEpochSecond()) {
                throw wrong("The challenge has expired. Solve a new one");
            }
            return challenge;
        } catch (IllegalArgumentException | JacksonException e) {
            throw wrong("This is not a solution of a challenge");
        }
    }

    private static RefusedException wrong(String detail) {
        return new RefusedException(RefusalCode.PROOF_OF_WORK_REQUIRED, detail);
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static String challenge(String salt, long number) {
        try {
            return HEX.formatHex(
                    MessageDigest.getInstance(ALGORITHM).digest((salt + number).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    private String signature(String challenge) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.get(), "HmacSHA256"));
            return HEX.formatHex(mac.doFinal(challenge.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
    }
}
