package dev.onsale.query.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Files what neighbours have sent to their topics of dead letters. A record that comes again is filed already. */
@Component
public final class ExternalDeadLetterFiling implements BatchMessageListener<String, byte @Nullable []> {

    /** Topics that it reads; each is there once its neighbour has run. */
    public static final Pattern TOPICS = Pattern.compile(Arrays.stream(ExternalConsumer.values())
            .map(neighbour -> Pattern.quote(neighbour.deadLetters()))
            .collect(Collectors.joining("|")));

    private static final Map<String, ExternalConsumer> BY_TOPIC = Arrays.stream(ExternalConsumer.values())
            .collect(Collectors.toMap(ExternalConsumer::deadLetters, Function.identity()));

    private final DeadLetterStore store;
    private final TransactionTemplate transaction;

    ExternalDeadLetterFiling(DeadLetterStore store, PlatformTransactionManager transactions) {
        this.store = store;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public void onMessage(List<ConsumerRecord<String, byte @Nullable []>> records) {
        try {
            transaction.executeWithoutResult(status -> records.forEach(this::file));
        } catch (Error failure) {
            // An Error that leaves the listener ends its consumer.
            throw new IllegalStateException("The dead letters could not be filed: " + failure, failure);
        }
    }

    private void file(ConsumerRecord<String, byte @Nullable []> record) {
        ExternalConsumer neighbour = BY_TOPIC.get(record.topic());
        if (neighbour != null) {
            store.fileDead(
                    neighbour.group(),
                    record,
                    text(record, KafkaHeaders.DLT_EXCEPTION_FQCN),
                    text(record, KafkaHeaders.DLT_EXCEPTION_MESSAGE));
        }
    }

    private static @Nullable String text(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        byte[] value = header == null ? null : header.value();
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }
}
