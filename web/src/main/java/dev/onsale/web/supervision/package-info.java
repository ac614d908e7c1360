/** Supervision of threads and periodic tasks: restart, signs of life, health and metrics. */
@NullMarked
package dev.onsale.web.supervision;

import org.jspecify.annotations.NullMarked;
