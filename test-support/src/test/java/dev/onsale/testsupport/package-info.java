/** Tests of the test helpers. */
@NullMarked
package dev.onsale.testsupport;

import org.jspecify.annotations.NullMarked;
