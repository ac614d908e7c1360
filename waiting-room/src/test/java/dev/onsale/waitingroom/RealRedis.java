package dev.onsale.waitingroom;

import dev.onsale.testsupport.TestServices;

/** The Redis that the tests of this module share. */
public final class RealRedis {

    private RealRedis() {}

    public static String host() {
        return TestServices.shared().redisHost();
    }

    public static int port() {
        return TestServices.shared().redisPort();
    }
}
