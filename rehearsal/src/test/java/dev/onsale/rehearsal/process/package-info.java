/** Onsale as an operating system process: starts, failed starts and stops. */
@NullMarked
package dev.onsale.rehearsal.process;

import org.jspecify.annotations.NullMarked;
