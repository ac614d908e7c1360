package dev.onsale.paymentsimulator;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Start options of a simulator. Success rate and delay are initial values: {@code PUT /v1/settings} changes them at run
 * time.
 *
 * @param host address to listen on
 * @param port port to listen on, 0 for any free one
 * @param successRate share of charges that are approved, 0 to 1
 * @param delay time a charge takes
 * @param seed decisions, delays and faults are functions of the seed and the idempotency key
 * @param idempotencyRetention how long an answer is repeated; after that the same key is a new request
 * @param ledgerFile append-only journal from which the next start restores the ledger, or null to keep it in memory
 * @param limits what the simulator keeps and does at once
 * @param webhooks receiver of webhooks, or null for none
 */
public record SimulatorOptions(
        String host,
        int port,
        double successRate,
        Delay delay,
        long seed,
        Duration idempotencyRetention,
        @Nullable Path ledgerFile,
        Limits limits,
        @Nullable Webhooks webhooks) {

    static final Duration DELAY_LIMIT = Duration.ofMinutes(10);
    static final Duration RETENTION_LIMIT = Duration.ofDays(30);
    static final int CHARGES_LIMIT = 10_000_000;

    public SimulatorOptions {
        require(!host.isBlank(), "host must be a name or an address");
        require(port >= 0 && port <= 65_535, "port must be 0 to 65535, but is " + port);
        require(successRate >= 0 && successRate <= 1, "success rate must be 0 to 1, but is " + successRate);
        require(
                idempotencyRetention.isPositive() && idempotencyRetention.compareTo(RETENTION_LIMIT) <= 0,
                "idempotency retention must be positive and at most " + RETENTION_LIMIT + ", but is "
                        + idempotencyRetention);
        require(ledgerFile == null || !ledgerFile.toString().isBlank(), "ledger file must not be empty");
    }

    /**
     * Range of the time that a charge takes.
     *
     * @param max at most ten minutes
     */
    public record Delay(Duration min, Duration max) {
        public Delay {
            require(!min.isNegative(), "shortest delay must not be negative, but is " + min);
            require(min.compareTo(max) <= 0, "shortest delay " + min + " must not exceed longest delay " + max);
            require(
                    max.compareTo(DELAY_LIMIT) <= 0,
                    "longest delay must be at most " + DELAY_LIMIT + ", but is " + max);
        }
    }

    /**
     * Limits; requests beyond are refused.
     *
     * @param charges stored authorizations, about 1 KB each
     * @param idempotencyKeys stored answers within the retention, about 1 KB each
     * @param inFlight concurrent changing requests
     */
    public record Limits(int charges, int idempotencyKeys, int inFlight) {
        public Limits {
            requireCount("charges max", charges, CHARGES_LIMIT);
            requireCount("idempotency keys max", idempotencyKeys, 10 * CHARGES_LIMIT);
            requireCount("in-flight max", inFlight, 1_000_000);
        }

        private static void requireCount(String name, int count, int limit) {
            require(count > 0 && count <= limit, name + " must be 1 to " + limit + ", but is " + count);
        }
    }

    /** Loopback, a free port, 70 % success within 10 seconds, answers kept for a day, no ledger file. */
    public static SimulatorOptions defaults() {
        return new SimulatorOptions(
                "127.0.0.1",
                0,
                0.70,
                new Delay(Duration.ZERO, Duration.ofSeconds(10)),
                1,
                Duration.ofHours(24),
                null,
                new Limits(250_000, 1_000_000, 10_000),
                null);
    }

    public SimulatorOptions withHost(String value) {
        return new SimulatorOptions(
                value, port, successRate, delay, seed, idempotencyRetention, ledgerFile, limits, webhooks);
    }

    public SimulatorOptions withPort(int value) {
        return new SimulatorOptions(
                host, value, successRate, delay, seed, idempotencyRetention, ledgerFile, limits, webhooks);
    }

    public SimulatorOptions withSuccessRate(double value) {
        return new SimulatorOptions(host, port, value, delay, seed, idempotencyRetention, ledgerFile, limits, webhooks);
    }

    public SimulatorOptions withDelay(Duration min, Duration max) {
        return new SimulatorOptions(
                host, port, successRate, new Delay(min, max), seed, idempotencyRetention, ledgerFile, limits, webhooks);
    }

    public SimulatorOptions withSeed(long value) {
        return new SimulatorOptions(
                host, port, successRate, delay, value, idempotencyRetention, ledgerFile, limits, webhooks);
    }

    public SimulatorOptions withIdempotencyRetention(Duration value) {
        return new SimulatorOptions(host, port, successRate, delay, seed, value, ledgerFile, limits, webhooks);
    }

    public SimulatorOptions withLedgerFile(@Nullable Path value) {
        return new SimulatorOptions(
                host, port, successRate, delay, seed, idempotencyRetention, value, limits, webhooks);
    }

    public SimulatorOptions withLimits(int charges, int idempotencyKeys, int inFlight) {
        return new SimulatorOptions(
                host,
                port,
                successRate,
                delay,
                seed,
                idempotencyRetention,
                ledgerFile,
                new Limits(charges, idempotencyKeys, inFlight),
                webhooks);
    }

    public SimulatorOptions withWebhooks(@Nullable Webhooks value) {
        return new SimulatorOptions(
                host, port, successRate, delay, seed, idempotencyRetention, ledgerFile, limits, value);
    }

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
