package dev.onsale.planted.waitingroom;

import dev.onsale.eventlog.StoredEvents;

/** The waiting room reads the event log, which it must stand without. */
public record ReadsTheLog(StoredEvents log) {}
