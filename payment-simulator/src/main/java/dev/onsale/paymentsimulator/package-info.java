/**
 * A payment gateway for tests. It decides charges at random but reproducibly, books them in its own ledger, and injects
 * faults. It knows nothing of seats or coupons.
 *
 * <h2>Use</h2>
 * Embedded: {@code try (var gateway = PaymentSimulator.start(SimulatorOptions.defaults())) { gateway.baseUri() … }}. As a
 * process: {@link dev.onsale.paymentsimulator.PaymentSimulatorMain} ({@code --help} lists the options).
 *
 * <h2>Life of a charge</h2>
 * <pre>
 * POST /v1/authorizations ─┬─ DECLINED
 *                          └─ AUTHORIZED ─┬─ /voids    → VOIDED
 *                                         └─ /captures → CAPTURED ── /refunds → PARTIALLY_REFUNDED → REFUNDED
 * </pre>
 * A charge is captured once, fully or partly; the rest is released. Refunds are at most the captured amount.
 *
 * <h2>Idempotency</h2>
 * Every POST needs an {@code Idempotency-Key}. The first answer of the ledger, also a refusal, is repeated byte for byte
 * for the retention time, without effect and without faults. Another request with the same key is refused with 422, and a
 * repeat while the first is in progress with 409. A request is executed even if its client disconnects; find its outcome
 * with {@code GET /v1/authorizations?idempotencyKey=…}.
 *
 * <h2>Reproducibility</h2>
 * Decision, delay and faults are functions of the seed and the idempotency key, not of the order of arrival, so each run
 * gives the same results. A fault also depends on the attempt, so that a retry can succeed.
 *
 * <h2>Limits</h2>
 * Memory is limited by the charges (each with at most 100 refunds) and the idempotency keys; a full simulator answers 503.
 * With a ledger file, every booking and answer is passed to the operating system before the response: a killed process
 * loses nothing, a power failure may lose the last entries.
 */
@NullMarked
package dev.onsale.paymentsimulator;

import org.jspecify.annotations.NullMarked;
