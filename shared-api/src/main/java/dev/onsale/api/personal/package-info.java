/**
 * What is known of a person and must be erasable: sealed under a key of that person's own, which an erasure destroys.
 * How it is sealed is left to the log.
 */
@NullMarked
package dev.onsale.api.personal;

import org.jspecify.annotations.NullMarked;
