package dev.onsale.rehearsal.monitoring;

import dev.onsale.rehearsal.running.Http;
import dev.onsale.rehearsal.running.Onsale;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.env.Environment;

/**
 * One scrape of the management port.
 *
 * @param families names from the TYPE lines
 * @param series names of the lines with a value, such as those that end in {@code _bucket}
 * @param labels values of each label of each name of a series
 */
record Scrape(Set<String> families, Map<String, Integer> series, Map<String, Map<String, Set<String>>> labels) {

    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+.*");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    static Scrape of(Onsale onsale) throws Exception {
        String port = onsale.beans(Environment.class).getFirst().getRequiredProperty("local.management.port");
        try (Http management = new Http("http://127.0.0.1:" + port)) {
            return parse(
                    management.request("GET", "/actuator/prometheus").send().body());
        }
    }

    static Scrape parse(String text) {
        Set<String> families = new TreeSet<>();
        Map<String, Integer> series = new TreeMap<>();
        Map<String, Map<String, Set<String>>> labels = new HashMap<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                families.add(List.of(line.split(" ")).get(2));
            }
            Matcher matcher = LINE.matcher(line);
            if (!line.startsWith("#") && matcher.matches()) {
                String name = matcher.group(1);
                series.merge(name, 1, Integer::sum);
                String given = matcher.group(2) == null ? "" : matcher.group(2);
                Matcher label = LABEL.matcher(given);
                while (label.find()) {
                    labels.computeIfAbsent(name, absent -> new TreeMap<>())
                            .computeIfAbsent(label.group(1), absent -> new HashSet<>())
                            .add(label.group(2));
                }
            }
        }
        return new Scrape(families, series, labels);
    }

    boolean has(String name) {
        return families.contains(name) || series.containsKey(name);
    }
}
