package dev.onsale.waitingroom.challenge;

/**
 * What the ALTCHA widget takes: find the number from 0 to {@code maxnumber} whose digits, appended to the salt, have the
 * challenge as their SHA-256.
 */
public record Challenge(String algorithm, String challenge, int maxnumber, String salt, String signature) {}
