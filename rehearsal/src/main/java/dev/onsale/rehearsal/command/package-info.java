/** Shared code of the launcher's commands: arguments, exit codes, the RESULT line and child processes. */
@NullMarked
package dev.onsale.rehearsal.command;

import org.jspecify.annotations.NullMarked;
