@NullMarked
package dev.onsale.verification.proof;

import org.jspecify.annotations.NullMarked;
