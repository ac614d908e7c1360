package dev.onsale.planted.bean;

import java.util.concurrent.TimeUnit;

/** Waits for time to pass instead of for what it needs. */
public class Sleeper {

    void sleep() throws InterruptedException {
        Thread.sleep(10);
        TimeUnit.SECONDS.sleep(1);
    }
}
