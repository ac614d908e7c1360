@NullMarked
package dev.onsale.proof.sealing;

import org.jspecify.annotations.NullMarked;
