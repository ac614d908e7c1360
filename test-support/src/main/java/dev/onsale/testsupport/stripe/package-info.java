/** A stand-in for Stripe that behaves as Stripe documents, for the tests of all modules. */
@NullMarked
package dev.onsale.testsupport.stripe;

import org.jspecify.annotations.NullMarked;
