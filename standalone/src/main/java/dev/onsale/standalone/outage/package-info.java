/** Outages of the services that Onsale uses: one log line at the beginning, one at the end, and a metric. */
@NullMarked
package dev.onsale.standalone.outage;

import org.jspecify.annotations.NullMarked;
