package dev.onsale.embedded;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** Runs one Kafka broker that is its own controller. Ends when its standard input is closed. */
final class EmbeddedKafkaMain {

    private static final System.Logger LOG = System.getLogger("dev.onsale.embedded");
    static final String READY = "ready";

    private static final int NODE_ID = 1;
    private static final int STOP_SECONDS_MAX = 10;

    private EmbeddedKafkaMain() {}

    public static void main(String[] arguments) throws Exception {
        var toParent = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        Path folder = Path.of(arguments[0]);
        if (!Files.exists(folder.resolve("meta.properties"))) {
            format(folder);
        }
        var server = new KafkaRaftServer(
                KafkaConfig.fromProps(settings(folder, arguments[1], arguments[2]), false), Time.SYSTEM);
        var started = new CountDownLatch(1);
        inBackground("Kafka did not start", () -> {
            server.startup();
            started.countDown();
            toParent.println(READY);
        });
        while (System.in.read() >= 0) {
            // Nothing is written: the parent keeps the pipe open while it runs.
        }
        if (started.getCount() == 0) {
            var stopped = new CountDownLatch(1);
            inBackground("Kafka did not stop", () -> {
                server.shutdown();
                stopped.countDown();
            });
            stopped.await(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        }
        // A broker that is stopped during its start hangs, and its threads are not daemon threads. Kafka recovers from
        // a halt as from a crash.
        Runtime.getRuntime().halt(0);
    }

    private static void inBackground(String failure, Runnable work) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                LOG.log(System.Logger.Level.ERROR, failure, e);
                Runtime.getRuntime().halt(1);
            }
        });
    }

    private static void format(Path folder) throws Exception {
        new Formatter()
                .setPrintStream(System.err)
                .setNodeId(NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .addDirectory(folder.toString())
                .setMetadataLogDirectory(folder.toString())
                .setControllerListenerName("CONTROLLER")
                .setIgnoreFormatted(true)
                .run();
    }

    private static Properties settings(Path folder, String brokerPort, String controllerPort) {
        String broker = "BROKER://" + EmbeddedAddresses.HOST + ":" + brokerPort;
        String controller = EmbeddedAddresses.HOST + ":" + controllerPort;
        var settings = new Properties();
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("process.roles", "broker,controller");
        settings.put("log.dirs", folder.toString());
        settings.put("listeners", broker + ",CONTROLLER://" + controller);
        settings.put("advertised.listeners", broker);
        settings.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "BROKER");
        settings.put("controller.listener.names", "CONTROLLER");
        // The voter's address is read from here and not stored, so the ports may change at every start.
        settings.put("controller.quorum.voters", NODE_ID + "@" + controller);

        settings.put("auto.create.topics.enable", "false");
        settings.put("log.retention.hours", "168");
        for (String internal :
                new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(internal + ".replication.factor", "1");
            settings.put(internal + ".num.partitions", "4");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");

        // After a crash the broker can register again only when its previous session has expired.
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");

        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("group.coordinator.threads", "1");
        settings.put("num.recovery.threads.per.data.dir", "1");
        // The default of 128 MB is half of the heap.
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        settings.put("log.index.size.max.bytes", Integer.toString(2 << 20));
        return settings;
    }
}
