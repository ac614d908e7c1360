/**
 * Many requests at one instant, and connections that must survive them.
 * Long stampedes are the rehearsal's.
 */
@NullMarked
package dev.onsale.rehearsal.race;

import org.jspecify.annotations.NullMarked;
