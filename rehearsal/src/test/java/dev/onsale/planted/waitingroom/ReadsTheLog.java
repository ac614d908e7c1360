package dev.onsale.planted.waitingroom;

import dev.onsale.eventlog.StoredEvents;

/** The waiting room reads the event log, although it must run without the event store. */
public record ReadsTheLog(StoredEvents log) {}
