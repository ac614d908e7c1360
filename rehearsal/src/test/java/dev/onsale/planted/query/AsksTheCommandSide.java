package dev.onsale.planted.query;

import dev.onsale.command.CommandSideConfiguration;

/** A read model depends on the command side. */
public record AsksTheCommandSide(CommandSideConfiguration other) {}
