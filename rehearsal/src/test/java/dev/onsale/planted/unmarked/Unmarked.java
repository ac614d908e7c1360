package dev.onsale.planted.unmarked;

/** NullAway does not look here. */
public record Unmarked(String text) {}
