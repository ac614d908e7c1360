/**
 * What bad requests are answered, and that they leave no trace.
 * Good ones are tested elsewhere.
 */
@NullMarked
package dev.onsale.rehearsal.input;

import org.jspecify.annotations.NullMarked;
