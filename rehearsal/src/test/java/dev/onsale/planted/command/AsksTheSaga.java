package dev.onsale.planted.command;

import dev.onsale.planted.saga.AsksTheQuerySide;

/** The command side depends on another module in the same process. */
public record AsksTheSaga(AsksTheQuerySide other) {}
