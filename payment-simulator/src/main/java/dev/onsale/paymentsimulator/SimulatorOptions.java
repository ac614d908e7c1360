package dev.onsale.paymentsimulator;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a simulator starts. Success rate and delays are first values only: {@code PUT /v1/settings} changes them at run time.
 *
 * @param host address to listen on
 * @param port port to listen on, 0 for any free one
 * @param successRate share of charges that are approved, 0 to 1
 * @param delayMin shortest time a charge takes
 * @param delayMax longest time a charge takes, at most ten minutes
 * @param seed what decisions, delays and faults are drawn from, together with the idempotency key
 * @param idempotencyRetention how long an answer is repeated; after that the same key is a new request
 * @param ledgerFile append-only journal from which the ledger is rebuilt at the next start, or null to keep it in memory
 * @param chargesMax authorizations kept, about 1 KB each; further ones are refused
 * @param idempotencyKeysMax answers kept within the retention, about 1 KB each; requests with further keys are refused
 * @param inFlightMax changing requests under way at once; further ones are refused
 * @param webhooks whom to tell of what was booked, or null for nobody
 */
public record SimulatorOptions(
        String host,
        int port,
        double successRate,
        Duration delayMin,
        Duration delayMax,
        long seed,
        Duration idempotencyRetention,
        @Nullable Path ledgerFile,
        int chargesMax,
        int idempotencyKeysMax,
        int inFlightMax,
        @Nullable Webhooks webhooks) {

    static final Duration DELAY_LIMIT = Duration.ofMinutes(10);
    static final Duration RETENTION_LIMIT = Duration.ofDays(30);
    static final int CHARGES_LIMIT = 10_000_000;

    public SimulatorOptions {
        require(!host.isBlank(), "host must be a name or an address");
        require(port >= 0 && port <= 65_535, "port must be 0 to 65535, but is " + port);
        require(successRate >= 0 && successRate <= 1, "success rate must be 0 to 1, but is " + successRate);
        require(!delayMin.isNegative(), "shortest delay must not be negative, but is " + delayMin);
        require(
                delayMin.compareTo(delayMax) <= 0,
                "shortest delay " + delayMin + " must not exceed longest delay " + delayMax);
        require(
                delayMax.compareTo(DELAY_LIMIT) <= 0,
                "longest delay must be at most " + DELAY_LIMIT + ", but is " + delayMax);
        require(
                idempotencyRetention.isPositive() && idempotencyRetention.compareTo(RETENTION_LIMIT) <= 0,
                "idempotency retention must be positive and at most " + RETENTION_LIMIT + ", but is "
                        + idempotencyRetention);
        require(
                chargesMax > 0 && chargesMax <= CHARGES_LIMIT,
                "charges max must be 1 to " + CHARGES_LIMIT + ", but is " + chargesMax);
        require(
                idempotencyKeysMax > 0 && idempotencyKeysMax <= 10 * CHARGES_LIMIT,
                "idempotency keys max must be 1 to " + 10 * CHARGES_LIMIT + ", but is " + idempotencyKeysMax);
        require(
                inFlightMax > 0 && inFlightMax <= 1_000_000,
                "in-flight max must be 1 to 1000000, but is " + inFlightMax);
    }

    /** Loopback, a free port, 70 % success within 10 seconds, answers kept for a day, nothing written to disk. */
    public static SimulatorOptions defaults() {
        return new SimulatorOptions(
                "127.0.0.1",
                0,
                0.70,
                Duration.ZERO,
                Duration.ofSeconds(10),
                1,
                Duration.ofHours(24),
                null,
                250_000,
                1_000_000,
                10_000,
                null);
    }

    public SimulatorOptions withHost(String value) {
        return new SimulatorOptions(
                value,
                port,
                successRate,
                delayMin,
                delayMax,
                seed,
                idempotencyRetention,
                ledgerFile,
                chargesMax,
                idempotencyKeysMax,
                inFlightMax,
                webhooks);
    }

    public SimulatorOptions withPort(int value) {
        return new SimulatorOptions(
                host,
                value,
                successRate,
                delayMin,
                delayMax,
                seed,
                idempotencyRetention,
                ledgerFile,
                chargesMax,
                idempotencyKeysMax,
                inFlightMax,
                webhooks);
    }

    public SimulatorOptions withSuccessRate(double value) {
        return new SimulatorOptions(
                host,
                port,
                value,
                delayMin,
                delayMax,
                seed,
                idempotencyRetention,
                ledgerFile,
                chargesMax,
                idempotencyKeysMax,
                inFlightMax,
                webhooks);
    }

    /** Both bounds at once, because each alone could contradict the other. */
    public SimulatorOptions withDelay(Duration min, Duration max) {
        return new SimulatorOptions(
                host,
                port,
                successRate,
                min,
                max,
                seed,
                idempotencyRetention,
                ledgerFile,
                chargesMax,
                idempotencyKeysMax,
                inFlightMax,
                webhooks);
    }

    public SimulatorOptions withSeed(long value) {
        return new SimulatorOptions(
                host,
                port,
                successRate,
                delayMin,
                delayMax,
                value,
                idempotencyRetention,
                ledgerFile,
                chargesMax,
                idempotencyKeysMax,
                inFlightMax,
                webhooks);
    }

    public SimulatorOptions withIdempotencyRetention(Duration value) {
        return new SimulatorOptions(
                host,
                port,
                successRate,
                delayMin,
                delayMax,
                seed,
                value,
                ledgerFile,
                chargesMax,
                idempotencyKeysMax,
                inFlightMax,
                webhooks);
    }

    public SimulatorOptions withLedgerFile(@Nullable Path value) {
        return new SimulatorOptions(
                host,
                port,
                successRate,
                delayMin,
                delayMax,
                seed,
                idempotencyRetention,
                value,
                chargesMax,
                idempotencyKeysMax,
                inFlightMax,
                webhooks);
    }

    public SimulatorOptions withLimits(int charges, int idempotencyKeys, int inFlight) {
        return new SimulatorOptions(
                host,
                port,
                successRate,
                delayMin,
                delayMax,
                seed,
                idempotencyRetention,
                ledgerFile,
                charges,
                idempotencyKeys,
                inFlight,
                webhooks);
    }

    public SimulatorOptions withWebhooks(@Nullable Webhooks value) {
        return new SimulatorOptions(
                host,
                port,
                successRate,
                delayMin,
                delayMax,
                seed,
                idempotencyRetention,
                ledgerFile,
                chargesMax,
                idempotencyKeysMax,
                inFlightMax,
                value);
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
