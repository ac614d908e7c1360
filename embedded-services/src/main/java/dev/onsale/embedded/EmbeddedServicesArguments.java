package dev.onsale.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Converts the options to the command-line arguments of the child process and back. */
final class EmbeddedServicesArguments {

    private EmbeddedServicesArguments() {}

    static List<String> encode(EmbeddedOptions options) {
        var arguments = new ArrayList<String>();
        arguments.add(options.dataDirectory().toString());
        arguments.add(options.startTimeout().toString());
        arguments.add(Boolean.toString(options.freshData()));
        Map<Service, Integer> ports = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            if (options.wants(service)) {
                ports.put(service, options.port(service));
            }
        }
        arguments.addAll(encodePorts(ports));
        return arguments;
    }

    static EmbeddedOptions decode(List<String> arguments) {
        Map<Service, Integer> ports = decodePorts(arguments.subList(3, arguments.size()));
        return new EmbeddedOptions(
                Path.of(arguments.get(0)),
                ports.getOrDefault(Service.MARIADB, 0),
                ports.getOrDefault(Service.REDIS, 0),
                ports.getOrDefault(Service.KAFKA, 0),
                ports.containsKey(Service.MARIADB),
                ports.containsKey(Service.REDIS),
                ports.containsKey(Service.KAFKA),
                Duration.parse(arguments.get(1)),
                Boolean.parseBoolean(arguments.get(2)));
    }

    static List<String> encodePorts(Map<Service, Integer> ports) {
        return ports.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    static Map<Service, Integer> decodePorts(List<String> words) {
        Map<Service, Integer> ports = new EnumMap<>(Service.class);
        for (String word : words) {
            String[] parts = word.split("=", 2);
            ports.put(Service.valueOf(parts[0]), Integer.parseInt(parts[1]));
        }
        return ports;
    }
}
