/**
 * What every list of the API has in common: a bounded page and where the next one begins. What is listed is decided by the
 * feature.
 */
@NullMarked
package dev.onsale.query.paging;

import org.jspecify.annotations.NullMarked;
