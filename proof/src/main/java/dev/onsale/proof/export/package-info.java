/** The file format of an exported sale: JSON Lines in canonical form. This package does not check an export. */
@NullMarked
package dev.onsale.proof.export;

import org.jspecify.annotations.NullMarked;
