package dev.onsale.waitingroom.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.listener.BatchListenerFailedException;
import reactor.core.publisher.Mono;

class OrderedBatchTest {

    @Test
    void an_error_is_the_failure_of_its_record_alone() {
        List<ConsumerRecord<String, String>> records = IntStream.range(0, 5)
                .mapToObj(offset -> new ConsumerRecord<>("topic", 0, offset, "sale", "value"))
                .toList();
        List<Long> done = new ArrayList<>();
        BatchListenerFailedException failed = catchThrowableOfType(
                BatchListenerFailedException.class,
                () -> OrderedBatch.run(records, record -> {
                    if (record.offset() == 2) {
                        throw new StackOverflowError("of a test");
                    }
                    done.add(record.offset());
                    return Mono.empty();
                }));
        assertThat(failed.getRecord()).isSameAs(records.get(2));
        assertThat(done).contains(0L, 1L);
    }
}
