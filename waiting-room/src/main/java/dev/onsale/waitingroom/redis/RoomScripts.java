package dev.onsale.waitingroom.redis;

import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;

/** Loads the scripts of the waiting room. */
public final class RoomScripts {

    private static final String FOLDER = "/dev/onsale/waitingroom/";

    private RoomScripts() {}

    /** Reads {@code <name>.lua} from the waiting room's resources. */
    public static LuaScript<ScriptReply> load(String name) {
        return LuaScript.ofList(FOLDER + name + ".lua");
    }

    /** The same with {@code functions.lua} before it. */
    public static LuaScript<ScriptReply> withFunctions(String name) {
        return LuaScript.ofList(FOLDER + "functions.lua", FOLDER + name + ".lua");
    }
}
