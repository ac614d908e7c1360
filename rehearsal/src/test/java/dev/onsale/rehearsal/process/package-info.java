/**
 * The program as an operating system sees it
 *  how it starts, refuses to start and ends.:What it sells is tested elsewhere.
 */
@NullMarked
package dev.onsale.rehearsal.process;

import org.jspecify.annotations.NullMarked;
