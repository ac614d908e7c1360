package dev.onsale.embedded;

/** One of the three services that can run embedded. */
public enum Service {
    MARIADB("MariaDB", "mariadb"),
    REDIS("Redis", "redis"),
    KAFKA("Kafka", "kafka");

    private final String label;
    private final String folder;

    Service(String label, String folder) {
        this.label = label;
        this.folder = folder;
    }

    String label() {
        return label;
    }

    /** The name of its folder below the data folder and of its log file. */
    String folder() {
        return folder;
    }

    String portProperty() {
        return "onsale.embedded." + folder + "-port";
    }
}
