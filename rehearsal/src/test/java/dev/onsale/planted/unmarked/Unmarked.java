package dev.onsale.planted.unmarked;

/** In a package that NullAway does not check. */
public record Unmarked(String text) {}
