/** What one side keeps for the proof that another side gives out. */
@NullMarked
package dev.onsale.api.proof;

import org.jspecify.annotations.NullMarked;
