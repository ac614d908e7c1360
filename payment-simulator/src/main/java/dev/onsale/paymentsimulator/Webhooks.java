package dev.onsale.paymentsimulator;

import static dev.onsale.paymentsimulator.SimulatorOptions.require;

import java.net.URI;
import java.time.Duration;

/**
 * Receiver of a webhook for each booking, and how unreliably it is called. Each call is a POST of JSON, signed in the
 * header {@code Onsale-Gateway-Signature: t=<seconds since 1970>,v1=<hex>} with HMAC-SHA256 of {@code <t>.<body>}.
 *
 * @param url address of the receiver
 * @param secret key of the signature
 * @param duplicateProbability share of calls that are made twice
 * @param lateProbability share of delayed calls, which may arrive after newer ones
 * @param lateBy delay of delayed calls
 */
public record Webhooks(URI url, String secret, double duplicateProbability, double lateProbability, Duration lateBy) {

    private static final int SECRET_LENGTH_MIN = 16;

    public Webhooks {
        require(
                "http".equals(url.getScheme()) || "https".equals(url.getScheme()),
                "webhook url must start with http:// or https://");
        require(
                secret.length() >= SECRET_LENGTH_MIN,
                "webhook secret must have at least " + SECRET_LENGTH_MIN + " characters");
        require(duplicateProbability >= 0 && duplicateProbability <= 1, "webhook duplicates must be 0 to 1");
        require(lateProbability >= 0 && lateProbability <= 1, "webhook late must be 0 to 1");
        require(
                !lateBy.isNegative() && lateBy.compareTo(SimulatorOptions.DELAY_LIMIT) <= 0,
                "webhook late-by must be 0 to " + SimulatorOptions.DELAY_LIMIT);
    }
}
