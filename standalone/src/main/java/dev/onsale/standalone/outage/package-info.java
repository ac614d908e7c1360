/** Outages of the services that Onsale uses: one line when one begins, one when it ends, a metric meanwhile. */
@NullMarked
package dev.onsale.standalone.outage;

import org.jspecify.annotations.NullMarked;
