/** A fake of Stripe for the tests of all modules. It follows Stripe's documentation. */
@NullMarked
package dev.onsale.testsupport.stripe;

import org.jspecify.annotations.NullMarked;
