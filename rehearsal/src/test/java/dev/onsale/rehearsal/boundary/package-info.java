/**
 * What no class of Onsale may do, and violations that prove it is noticed.
 * What classes do at run time is tested elsewhere.
 */
@NullMarked
package dev.onsale.rehearsal.boundary;

import org.jspecify.annotations.NullMarked;
