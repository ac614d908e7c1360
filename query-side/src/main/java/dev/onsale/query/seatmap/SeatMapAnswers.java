package dev.onsale.query.seatmap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusedException;
import dev.onsale.api.view.SeatMapView;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.rebuild.Generations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Seat maps as they are answered. An edition is put into words once, however many ask for it: whoever asks looks at Redis for
 * the newest edition and at the whole map only if that is another one.
 */
@Component
class SeatMapAnswers {

    /** A compressed answer counts as much as a plain one. */
    private static final int BYTES_KEPT_MAX = 64 * 1024 * 1024;

    /** A copy in Redis that was wrong and was repaired keeps its edition; so long may its words outlive it. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private final Cache<PerformanceId, Answer> kept = Caffeine.newBuilder()
            .maximumWeight(BYTES_KEPT_MAX)
            .<PerformanceId, Answer>weigher((id, answer) -> 2 * answer.json().length)
            .expireAfterWrite(KEPT)
            .build();
    private final SeatMaps maps;
    private final SeatMapStore store;
    private final Generations generations;
    private final JsonMapper json;

    SeatMapAnswers(SeatMaps maps, SeatMapStore store, Generations generations, JsonMapper json) {
        this.maps = maps;
        this.store = store;
        this.generations = generations;
        this.json = json;
    }

    /** An edition in words. */
    static final class Answer {

        /** Of the tables from which it came: after a switch the same edition may read differently. */
        private final long generation;

        private final SeatMapVersion edition;
        private final byte[] json;

        /** Made when the first client asks for it. */
        private volatile byte @Nullable [] gzip;

        private Answer(long generation, SeatMapVersion edition, byte[] json) {
            this.generation = generation;
            this.edition = edition;
            this.json = json;
        }

        SeatMapVersion edition() {
            return edition;
        }

        /** Shared by all who get it: not to be written into. */
        byte[] json() {
            return json;
        }

        /** The same, compressed once. Shared as well. */
        byte[] gzip() {
            byte[] known = gzip;
            if (known == null) {
                known = compressed(json);
                gzip = known;
            }
            return known;
        }

        private static byte[] compressed(byte[] text) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length / 4 + 64);
            try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                out.write(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        private boolean says(long otherGeneration, SeatMapVersion other) {
            return generation == otherGeneration && edition.equals(other);
        }
    }

    /**
     * @throws RefusedException with {@code PERFORMANCE_NOT_FOUND}
     */
    Answer of(PerformanceId performanceId) {
        long generation = generations.of(ReadModelName.SEAT_MAP);
        Answer last = kept.getIfPresent(performanceId);
        if (last != null) {
            Optional<SeatMapVersion> newest = store.edition(performanceId);
            if (newest.isPresent() && last.says(generation, newest.get())) {
                return last;
            }
        }
        return inWords(performanceId, generation, last, maps.of(performanceId));
    }

    /**
     * As {@link #of}, and never older than what is committed.
     *
     * @throws RefusedException with {@code PERFORMANCE_NOT_FOUND}
     */
    Answer committed(PerformanceId performanceId) {
        long generation = generations.of(ReadModelName.SEAT_MAP);
        Answer last = kept.getIfPresent(performanceId);
        return inWords(performanceId, generation, last, maps.committed(performanceId));
    }

    private Answer inWords(PerformanceId performanceId, long generation, @Nullable Answer last, SeatMap map) {
        if (last != null && last.says(generation, map.edition())) {
            return last;
        }
        SeatMapView view = new SeatMapView(performanceId, map.edition().version(), map.counts(), map.letters());
        Answer answer = new Answer(generation, map.edition(), json.writeValueAsBytes(view));
        kept.put(performanceId, answer);
        return answer;
    }
}
