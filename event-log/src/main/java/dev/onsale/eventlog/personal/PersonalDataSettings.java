package dev.onsale.eventlog.personal;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How personal data is kept ({@code onsale.personal-data.*}).
 *
 * @param masterKey wraps the keys of all persons: Base64 of 32 random bytes; goes before the file
 * @param formerMasterKey the one of before, at the one start that changes it
 * @param masterKeyFile has the same, and is made at the first start if it is not there
 * @param keysCachedFor how long a node may go on opening with a key that another node has erased
 * @param keysCachedMax keys in memory
 */
@ConfigurationProperties("onsale.personal-data")
public record PersonalDataSettings(
        @Nullable String masterKey,
        @Nullable String formerMasterKey,
        @Nullable Path masterKeyFile,
        @DefaultValue("PT10S") Duration keysCachedFor,
        @DefaultValue("10000") int keysCachedMax) {

    private static final Duration CACHED_FOR_MAX = Duration.ofMinutes(10);

    public PersonalDataSettings {
        require(
                !keysCachedFor.isNegative() && keysCachedFor.compareTo(CACHED_FOR_MAX) <= 0,
                "onsale.personal-data.keys-cached-for is PT0S to PT10M");
        require(
                keysCachedMax >= 0 && keysCachedMax <= 1_000_000,
                "onsale.personal-data.keys-cached-max is 0 to 1000000");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** Without the key: texts like this end up in logs. */
    @Override
    public String toString() {
        return "PersonalDataSettings[masterKeyFile=" + masterKeyFile + ", keysCachedFor=" + keysCachedFor + "]";
    }
}
