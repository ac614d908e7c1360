/** Tests of the rehearsal's options, and that the same seed gives the same buyers. */
@NullMarked
package dev.onsale.rehearsal;

import org.jspecify.annotations.NullMarked;
