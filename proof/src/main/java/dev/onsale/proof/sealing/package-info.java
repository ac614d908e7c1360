/**
 * Seals the log asynchronously and serves seals and exports of sealed sales. The data structures are in
 * {@link dev.onsale.proof.seal}; exports are checked in {@link dev.onsale.proof.verify}.
 */
@NullMarked
package dev.onsale.proof.sealing;

import org.jspecify.annotations.NullMarked;
