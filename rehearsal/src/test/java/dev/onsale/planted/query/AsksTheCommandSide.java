package dev.onsale.planted.query;

import dev.onsale.command.CommandSideConfiguration;

/** A read model asks who decides. */
public record AsksTheCommandSide(CommandSideConfiguration other) {}
