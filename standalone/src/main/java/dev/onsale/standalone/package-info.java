/**
 * All of Onsale in one process, with what it needs around it: embedded services, a token issuer, a payment simulator, a demo
 * sale. No logic of its own.
 */
@NullMarked
package dev.onsale.standalone;

import org.jspecify.annotations.NullMarked;
