/**
 * Erasing of personal data: who may order it, and that the log has it. How data is sealed and keys are destroyed is left to the log.
 */
@NullMarked
package dev.onsale.command.personal;

import org.jspecify.annotations.NullMarked;
