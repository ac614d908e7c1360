package dev.onsale.query.performance;

import dev.onsale.api.performance.PriceZone;
import dev.onsale.query.column.JsonText;
import jakarta.persistence.Converter;
import java.util.List;
import tools.jackson.core.type.TypeReference;

@Converter
final class PriceZonesJson extends JsonText<List<PriceZone>> {

    PriceZonesJson() {
        super(new TypeReference<>() {});
    }
}
