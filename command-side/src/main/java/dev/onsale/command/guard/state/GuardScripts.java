package dev.onsale.command.guard.state;

import dev.onsale.platform.redis.LuaScript;

/** Loads the scripts of the guards. */
public final class GuardScripts {

    private static final String FOLDER = "/dev/onsale/command/guard/";

    private GuardScripts() {}

    public static LuaScript<Long> number(String name) {
        return LuaScript.ofNumber(FOLDER + name);
    }

    public static LuaScript<String> text(String name) {
        return LuaScript.ofText(FOLDER + name);
    }
}
