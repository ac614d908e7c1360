/** Which proofs of work, in the format of ALTCHA, are genuine? */
@NullMarked
package dev.onsale.waitingroom.challenge;

import org.jspecify.annotations.NullMarked;
