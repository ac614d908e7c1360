/**
 * The data structures of the seals: digests of events, the hash chain of each sale, the Merkle tree over all sales and
 * the chain of seals. Performs no checks and, except for {@link dev.onsale.proof.seal.LogRows}, no I/O.
 */
@NullMarked
package dev.onsale.proof.seal;

import org.jspecify.annotations.NullMarked;
