/**
 * The reservation saga: which step follows which fact from a hold to its end, and what each step does.
 * When and how often a step runs is left to {@code dev.onsale.saga.step}, how money moves to {@code dev.onsale.saga.payment}.
 */
@NullMarked
package dev.onsale.saga.reservation;

import org.jspecify.annotations.NullMarked;
