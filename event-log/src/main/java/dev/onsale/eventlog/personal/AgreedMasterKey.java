package dev.onsale.eventlog.personal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The master key that all nodes of a database have. The first one writes its fingerprint down; a node with another key refuses to
 * start, before it seals what the others cannot open. Once the tables are there and before anybody is served.
 */
final class AgreedMasterKey implements Supplier<MasterKey>, SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(AgreedMasterKey.class);
    private static final String SETTING = "onsale.personal-data.master-key";

    private final JdbcClient jdbc;
    private final PersonalDataSettings settings;
    private final MasterKeyChange change;
    private volatile @Nullable MasterKey key;

    AgreedMasterKey(DataSource dataSource, PersonalDataSettings settings) {
        this.jdbc = JdbcClient.create(dataSource);
        this.settings = settings;
        this.change = new MasterKeyChange(dataSource);
    }

    @Override
    public MasterKey get() {
        MasterKey agreed = key;
        if (agreed == null) {
            throw new IllegalStateException(SETTING + " is not set, so no personal data can be taken");
        }
        return agreed;
    }

    /** Whether this node has a master key, once all beans are made. */
    boolean isSet() {
        return key != null;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Optional<String> agreed = agreed();
        MasterKey own = own(agreed);
        if (own == null) {
            log.info("Neither {} nor {}-file: no card and no contact details can be taken", SETTING, SETTING);
            return;
        }
        String former = settings.formerMasterKey();
        if (former != null && !former.isBlank() && !agreed.equals(Optional.of(own.fingerprint()))) {
            change.make(MasterKey.ofText(former, "onsale.personal-data.former-master-key"), own);
            agreed = agreed();
        }
        if (agreed.isEmpty()) {
            jdbc.sql("INSERT IGNORE INTO personal_master_key (id, fingerprint) VALUES (1, ?)")
                    .param(own.fingerprint())
                    .update();
            agreed = agreed();
        }
        if (!agreed.equals(Optional.of(own.fingerprint()))) {
            throw new IllegalStateException("The personal data of this database is under the master key "
                    + agreed.orElse("of nobody") + ", and this node has " + own.fingerprint() + ": give it the same "
                    + SETTING + " or " + SETTING + "-file as the other nodes");
        }
        key = own;
    }

    private Optional<String> agreed() {
        return jdbc.sql("SELECT fingerprint FROM personal_master_key WHERE id = 1")
                .query(String.class)
                .optional();
    }

    private @Nullable MasterKey own(Optional<String> agreed) {
        if (settings.masterKey() != null && !settings.masterKey().isBlank()) {
            return MasterKey.ofText(settings.masterKey(), SETTING);
        }
        Path file = settings.masterKeyFile();
        if (file != null && (agreed.isEmpty() || Files.exists(file))) {
            if (!Files.exists(file)) {
                MasterKey.create(file);
            }
            return MasterKey.inFile(file);
        }
        if (agreed.isPresent()) {
            throw new IllegalStateException("The personal data of this database is under the master key " + agreed.get()
                    + ", and this node has none: "
                    + (file == null ? "set " + SETTING : file + " is missing, put it back or set " + SETTING));
        }
        return null;
    }
}
