/**
 * Which part of the log a question about the past is about. What the answer looks like is decided where the present is
 * answered.
 */
@NullMarked
package dev.onsale.query.past;

import org.jspecify.annotations.NullMarked;
