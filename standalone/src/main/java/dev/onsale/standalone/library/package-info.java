/** Supervision of the threads that libraries run: Axon's event processors and Spring Kafka's consumers. */
@NullMarked
package dev.onsale.standalone.library;

import org.jspecify.annotations.NullMarked;
