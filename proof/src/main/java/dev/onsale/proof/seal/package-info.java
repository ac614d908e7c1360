/**
 * The arithmetic of the seals: digests of events, the chain of each sale, the tree over all sales, the chain of seals. Who
 * seals, where seals are kept and who checks them is left to others.
 */
@NullMarked
package dev.onsale.proof.seal;

import org.jspecify.annotations.NullMarked;
