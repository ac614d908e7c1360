package dev.onsale.query.reservation;

import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.query.column.JsonText;
import jakarta.persistence.Converter;
import java.util.List;
import tools.jackson.core.type.TypeReference;

@Converter
final class HeldSeatsJson extends JsonText<List<HeldSeat>> {

    HeldSeatsJson() {
        super(new TypeReference<>() {});
    }
}
