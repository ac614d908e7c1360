/**
 * Seals personal data under a key per person and forgets keys. Which data is personal is decided by the facts that carry it, who may
 * order an erasure by the command side.
 */
@NullMarked
package dev.onsale.eventlog.personal;

import org.jspecify.annotations.NullMarked;
