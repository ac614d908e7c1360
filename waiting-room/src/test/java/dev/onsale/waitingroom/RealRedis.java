package dev.onsale.waitingroom;

import dev.onsale.testsupport.TestServices;

/** The Redis that the tests of this module share. */
final class RealRedis {

    private RealRedis() {}

    static String host() {
        return TestServices.shared().redisHost();
    }

    static int port() {
        return TestServices.shared().redisPort();
    }
}
