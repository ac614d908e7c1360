package dev.onsale.standalone;

import java.util.Map;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;

/**
 * Trains the cache of loaded classes and method profiles that later starts use ({@code -XX:AOTCache}): starts a server,
 * plays a short sale against it and ends the process. The JVM writes the cache when it exits. The launcher calls it with a
 * data folder of its own and deletes the folder afterwards.
 */
final class TrainingRun {

    /** Enough for the JVM to profile and compile what a stampede uses. */
    private static final int BUYERS = 600;

    private TrainingRun() {}

    public static void main(String[] settings) throws Exception {
        boolean sold = OnsaleApplication.start(settings) instanceof ReactiveWebServerApplicationContext server
                && server.getWebServer() != null
                && play("http://127.0.0.1:" + server.getWebServer().getPort());
        System.exit(sold ? 0 : 1);
    }

    /** Returns whether seats and coupons were sold: a training without them is of no use. */
    private static boolean play(String url) throws Exception {
        try (TrainingSale sale = new TrainingSale(url, BUYERS)) {
            Map<String, Long> answers = sale.play();
            System.out.println("Answers by request and status: " + answers);
            return answers.containsKey("hold 201") && answers.containsKey("coupon 201");
        }
    }
}
