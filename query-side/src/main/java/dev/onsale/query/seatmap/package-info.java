/**
 * Which seats are available, held and booked: rows in the database, and one compact value per performance in Redis that
 * answers the crowd. What the seats are called and where they lie is the hall's business.
 */
@NullMarked
package dev.onsale.query.seatmap;

import org.jspecify.annotations.NullMarked;
