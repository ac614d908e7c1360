/** The helpers of the tests, tested. */
@NullMarked
package dev.onsale.testsupport;

import org.jspecify.annotations.NullMarked;
