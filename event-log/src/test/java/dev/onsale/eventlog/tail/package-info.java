@NullMarked
package dev.onsale.eventlog.tail;

import org.jspecify.annotations.NullMarked;
