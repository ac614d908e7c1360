/**
 * Seals the log behind the writers and hands out seals and sealed logs. What a seal is made of is in the event log; who
 * believes it is left to whoever verifies an export.
 */
@NullMarked
package dev.onsale.proof.sealing;

import org.jspecify.annotations.NullMarked;
