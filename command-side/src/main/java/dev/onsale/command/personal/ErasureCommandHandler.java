package dev.onsale.command.personal;

import dev.onsale.api.personal.PersonalDataErased;
import dev.onsale.api.personal.RecordErasure;
import dev.onsale.command.bus.RepositoryAccess;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/** Brings commands to keys. */
@Component
class ErasureCommandHandler {

    private final Repository<PersonalKey> keys;

    ErasureCommandHandler(Repository<PersonalKey> keys) {
        this.keys = keys;
    }

    @CommandHandler
    PersonalDataErased handle(RecordErasure command) {
        return RepositoryAccess.loadOrCreate(keys, command.keyId().toString(), () -> new PersonalKey(command.keyId()))
                .invoke(key -> key.erase(command));
    }
}
