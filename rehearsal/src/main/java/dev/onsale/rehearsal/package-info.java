/**
 * {@code ./onsale rehearse}: plays a seeded stampede against an Onsale and prints what became of it. What counts as broken
 * is left to {@code dev.onsale.proof.invariant}.
 */
@NullMarked
package dev.onsale.rehearsal;

import org.jspecify.annotations.NullMarked;
