/**
 * A payment gateway to rehearse against: it decides charges at random but reproducibly, books them in its own ledger, and loses answers on demand.
 * It knows nothing of seats or coupons; who asks for money, and what follows from a decline, is decided elsewhere.
 *
 * <h2>Use</h2>
 * Embedded: {@code try (var gateway = PaymentSimulator.start(SimulatorOptions.defaults())) { gateway.baseUri() … }}. As a
 * process of its own: {@link dev.onsale.paymentsimulator.PaymentSimulatorMain} ({@code --help} lists the options).
 *
 * <h2>Life of a charge</h2>
 * <pre>
 * POST /v1/authorizations ─┬─ DECLINED
 *                          └─ AUTHORIZED ─┬─ /voids    → VOIDED
 *                                         └─ /captures → CAPTURED ── /refunds → PARTIALLY_REFUNDED → REFUNDED
 * </pre>
 * A capture is made once, for all or a part; what it leaves is released. Refunds add up to the captured sum at most.
 *
 * <h2>Idempotency</h2>
 * Every POST needs an {@code Idempotency-Key}. The first answer that the ledger gave, a refusal included, is repeated byte
 * for byte for the retention time, without effect and without faults. Another request under the same key is refused with
 * 422, and a repeat while the first is under way with 409. A request goes on when its client hangs up, as in a real
 * gateway: what became of it is found with {@code GET /v1/authorizations?idempotencyKey=…}.
 *
 * <h2>Reproducibility</h2>
 * Decision, delay and faults are functions of (seed, idempotency key), never of arrival order, so the same keys meet the
 * same fate on every run whatever the thread timing. A fault also depends on the number of the attempt, else a retry of
 * a failed request could never succeed.
 *
 * <h2>Limits</h2>
 * Memory is bounded by {@code chargesMax} (each with at most 100 refunds) and {@code idempotencyKeysMax}; with full books
 * the simulator answers 503 and keeps what it has. With a ledger file every booking and answer is written to the operating
 * system before it is answered: a killed process loses nothing, a power cut may lose the last moments.
 */
@NullMarked
package dev.onsale.paymentsimulator;

import org.jspecify.annotations.NullMarked;
