/** Supervision of threads and periodic tasks: restart, signs of life, health and metrics. */
@NullMarked
package dev.onsale.platform.supervision;

import org.jspecify.annotations.NullMarked;
