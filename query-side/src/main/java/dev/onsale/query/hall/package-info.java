/**
 * The seating plan of a performance, which never changes: kept once, cached, served as it is. Which seats are taken is the
 * business of the seat map.
 */
@NullMarked
package dev.onsale.query.hall;

import org.jspecify.annotations.NullMarked;
