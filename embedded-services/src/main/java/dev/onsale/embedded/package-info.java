/**
 * Decides how MariaDB, Redis and Kafka run on a machine that has none: from Maven artefacts, in processes of their own, data in one folder.
 * Leaves schemas, topics and every use of the three to whoever asked for them.
 */
@NullMarked
package dev.onsale.embedded;

import org.jspecify.annotations.NullMarked;
