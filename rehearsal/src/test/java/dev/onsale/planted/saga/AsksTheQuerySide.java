package dev.onsale.planted.saga;

import dev.onsale.planted.query.AsksTheCommandSide;
import org.jspecify.annotations.Nullable;

/** A saga depends on a read model. */
public record AsksTheQuerySide(@Nullable AsksTheCommandSide other) {}
