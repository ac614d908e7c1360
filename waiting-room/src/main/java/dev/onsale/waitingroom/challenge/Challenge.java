package dev.onsale.waitingroom.challenge;

/**
 * A challenge for the ALTCHA widget: find the number from 0 to {@code maxnumber} that, appended to the salt, has the
 * SHA-256 {@code challenge}.
 */
public record Challenge(String algorithm, String challenge, int maxnumber, String salt, String signature) {}
