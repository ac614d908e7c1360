@NullMarked
package dev.onsale.proof.seal;

import org.jspecify.annotations.NullMarked;
