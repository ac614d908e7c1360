package dev.onsale.standalone.monitoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks Kafka how far consumer groups are behind, also for groups without a living consumer. Blocks. */
final class ConsumerGroups {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Admin admin;

    ConsumerGroups(Admin admin) {
        this.admin = admin;
    }

    /**
     * One group.
     *
     * @param lag records of each partition that the group has not committed yet
     * @param members living consumers on all nodes
     * @param unassigned partitions that no consumer reads
     */
    record Group(String id, Map<TopicPartition, Long> lag, int members, int unassigned) {}

    /**
     * Reads the state of the groups.
     *
     * @param topics of each group
     */
    List<Group> read(Map<String, Set<String>> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, ConsumerGroupDescription> described =
                get(admin.describeConsumerGroups(topics.keySet()).all());
        Map<String, Set<TopicPartition>> partitions = new HashMap<>();
        Set<TopicPartition> all = new HashSet<>();
        for (Map.Entry<String, Set<String>> group : topics.entrySet()) {
            Set<TopicPartition> ofGroup = partitionsOf(group.getValue());
            partitions.put(group.getKey(), ofGroup);
            all.addAll(ofGroup);
        }
        Map<TopicPartition, ListOffsetsResultInfo> ends = ends(all);
        List<Group> groups = new ArrayList<>();
        for (Map.Entry<String, Set<TopicPartition>> group : partitions.entrySet()) {
            groups.add(group(group.getKey(), group.getValue(), ends, described.get(group.getKey())));
        }
        return groups;
    }

    private Set<TopicPartition> partitionsOf(Set<String> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        Set<TopicPartition> partitions = new HashSet<>();
        get(admin.describeTopics(topics).allTopicNames()).forEach((topic, description) -> description
                .partitions()
                .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
        return partitions;
    }

    /** Ends of what was committed: records of open transactions are not behind. */
    private Map<TopicPartition, ListOffsetsResultInfo> ends(Set<TopicPartition> partitions)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        return get(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all());
    }

    private Group group(
            String id,
            Set<TopicPartition> partitions,
            Map<TopicPartition, ListOffsetsResultInfo> ends,
            @Nullable ConsumerGroupDescription described)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(id).partitionsToOffsetAndMetadata());
        Map<TopicPartition, Long> lag = new HashMap<>();
        for (TopicPartition partition : partitions) {
            ListOffsetsResultInfo end = ends.get(partition);
            OffsetAndMetadata position = committed.get(partition);
            if (end != null) {
                // Without a position the group begins with the first record.
                lag.put(partition, Math.max(0, end.offset() - (position == null ? 0 : position.offset())));
            }
        }
        Set<TopicPartition> unassigned = new HashSet<>(partitions);
        int members = 0;
        if (described != null) {
            members = described.members().size();
            for (MemberDescription member : described.members()) {
                unassigned.removeAll(member.assignment().topicPartitions());
            }
        }
        return new Group(id, lag, members, unassigned.size());
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
