/** The query side against real services: facts go in through Kafka, answers come out over HTTP. */
@org.jspecify.annotations.NullMarked
package dev.onsale.query;
