package dev.onsale.planted.bean;

import java.util.concurrent.TimeUnit;

/** Sleeps instead of waiting for a condition. */
public class Sleeper {

    void sleep() throws InterruptedException {
        Thread.sleep(10);
        TimeUnit.SECONDS.sleep(1);
    }
}
