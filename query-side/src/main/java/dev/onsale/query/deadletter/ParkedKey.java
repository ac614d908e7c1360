package dev.onsale.query.deadletter;

/** The records of one key for one group of consumers: they are taken in order or not at all. */
record ParkedKey(String group, String topic, String key) {}
