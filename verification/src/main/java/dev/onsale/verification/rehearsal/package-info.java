/**
 * {@code ./onsale rehearse}: plays a seeded stampede against an Onsale and prints what became of it. What counts as broken
 * is left to {@code dev.onsale.verification.verdict}.
 */
@NullMarked
package dev.onsale.verification.rehearsal;

import org.jspecify.annotations.NullMarked;
