package dev.onsale.platform.supervision;

/**
 * Published when this node may take no more commands: whatever sends commands by itself stops.
 *
 * @param reason one line for the log
 */
public record NodeLeaseLost(String reason) {}
