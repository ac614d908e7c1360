package dev.onsale.query.readmodel;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The declarations of all read models, one for each {@link ReadModelName}. */
@Component
public class ReadModels {

    private final Map<ReadModelName, ReadModel<?>> models = new EnumMap<>(ReadModelName.class);

    /**
     * @throws IllegalStateException if a name has no declaration or more than one
     */
    ReadModels(List<ReadModel<?>> declared) {
        for (ReadModel<?> model : declared) {
            if (models.put(model.id(), model) != null) {
                throw new IllegalStateException("Two read models are called " + model.name());
            }
        }
        for (ReadModelName name : ReadModelName.values()) {
            if (!models.containsKey(name)) {
                throw new IllegalStateException("The read model " + name.text() + " is not declared");
            }
        }
    }

    public Collection<ReadModel<?>> all() {
        return models.values();
    }

    public Optional<ReadModel<?>> find(String name) {
        return ReadModelName.find(name).map(models::get);
    }
}
