package dev.onsale.waitingroom.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoomKeysTest {

    @Test
    void all_keys_of_a_sale_lie_in_one_slot_of_a_cluster_and_other_sales_elsewhere() {
        RoomKeys keys = new RoomKeys(SaleId.of("sale-1"));

        assertThat(Stream.of(
                                keys.room(),
                                keys.sequence(),
                                keys.queue(),
                                keys.seen(),
                                keys.journal(),
                                keys.gone(),
                                keys.building(),
                                keys.refusals(),
                                keys.address("a"),
                                keys.work("w"),
                                keys.active(),
                                keys.admitted(),
                                keys.entered(),
                                keys.used("token"))
                        .map(SlotHash::getSlot))
                .containsOnly(SlotHash.getSlot("sale-1"));
        assertThat(SlotHash.getSlot(new RoomKeys(SaleId.of("sale-2")).room()))
                .isNotEqualTo(SlotHash.getSlot(keys.room()));
    }
}
