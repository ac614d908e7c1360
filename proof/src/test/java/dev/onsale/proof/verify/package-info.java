@NullMarked
package dev.onsale.proof.verify;

import org.jspecify.annotations.NullMarked;
