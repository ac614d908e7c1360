/** Metrics, as a scraper sees them. */
@NullMarked
package dev.onsale.rehearsal.monitoring;

import org.jspecify.annotations.NullMarked;
