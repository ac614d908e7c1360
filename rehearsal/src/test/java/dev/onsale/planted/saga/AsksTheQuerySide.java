package dev.onsale.planted.saga;

import dev.onsale.planted.query.AsksTheCommandSide;
import org.jspecify.annotations.Nullable;

/** A saga looks into a read model. */
public record AsksTheQuerySide(@Nullable AsksTheCommandSide other) {}
