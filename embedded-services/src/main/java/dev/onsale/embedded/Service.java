package dev.onsale.embedded;

/** A service that can run embedded. */
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

    /** Name of the service's directory and log file in the data directory. */
    String folder() {
        return folder;
    }

    String portProperty() {
        return "onsale.embedded." + folder + "-port";
    }
}
