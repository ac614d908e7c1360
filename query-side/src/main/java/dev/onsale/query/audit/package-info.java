/**
 * Lets an operator read the event store itself, in pages and by filters. It repeats what is written there and judges
 * nothing.
 */
@NullMarked
package dev.onsale.query.audit;

import org.jspecify.annotations.NullMarked;
