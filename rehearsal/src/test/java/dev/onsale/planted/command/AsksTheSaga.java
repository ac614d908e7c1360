package dev.onsale.planted.command;

import dev.onsale.planted.saga.AsksTheQuerySide;

/** The command side asks another side in the same process. */
public record AsksTheSaga(AsksTheQuerySide other) {}
