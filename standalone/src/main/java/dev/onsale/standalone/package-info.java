/**
 * Runs all of Onsale in one process, with embedded services, a token issuer, a payment simulator and a demo sale. Has
 * no business logic.
 */
@NullMarked
package dev.onsale.standalone;

import org.jspecify.annotations.NullMarked;
