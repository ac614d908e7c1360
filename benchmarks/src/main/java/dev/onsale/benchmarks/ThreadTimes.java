package dev.onsale.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Processor time of the platform threads of this process, by the names of the threads without their numbers. The threads that
 * carry virtual threads are {@code ForkJoinPool}; those of the JVM itself, such as the collector's, are not among them.
 */
public record ThreadTimes(Map<String, Long> nanos) {

    public static ThreadTimes now() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = threads.getAllThreadIds();
        long[] times = threads.getThreadCpuTime(ids);
        var infos = threads.getThreadInfo(ids);
        Map<String, Long> nanos = new TreeMap<>();
        for (int index = 0; index < ids.length; index++) {
            if (infos[index] != null && times[index] > 0) {
                nanos.merge(group(infos[index].getThreadName()), times[index], Long::sum);
            }
        }
        return new ThreadTimes(nanos);
    }

    private static String group(String thread) {
        return thread.replaceAll("[-#]?\\d+", "").replaceAll("-C$", "");
    }

    /** What was used since; of threads that have ended, nothing. */
    public ThreadTimes since(ThreadTimes before) {
        return new ThreadTimes(nanos.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        group -> Math.max(
                                0,
                                group.getValue() - Objects.requireNonNullElse(before.nanos.get(group.getKey()), 0L)))));
    }

    /** Of the groups whose names begin so. */
    public long nanosOf(String prefix) {
        return nanos.entrySet().stream()
                .filter(group -> group.getKey().startsWith(prefix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
