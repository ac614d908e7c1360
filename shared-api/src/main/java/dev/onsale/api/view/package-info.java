/**
 * Answers of the query side, as they travel over HTTP. They lag the facts by moments; what was sold is decided by the
 * event store alone.
 */
@NullMarked
package dev.onsale.api.view;

import org.jspecify.annotations.NullMarked;
