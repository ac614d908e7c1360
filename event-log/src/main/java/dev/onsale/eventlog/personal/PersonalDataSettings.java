package dev.onsale.eventlog.personal;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the protection of personal data ({@code onsale.personal-data.*}).
 *
 * @param masterKey master key that encrypts the keys of all buyers: Base64 of 32 random bytes. Used instead of the
 *     file. Set it by environment variable, not on the command line
 * @param formerMasterKey previous master key; set it only for the one start that changes the master key
 * @param masterKeyFile file that holds the master key; created at the first start on an empty database
 * @param keysCachedFor how long a node may still decrypt with a key that another node has erased, 0 to 10 min
 * @param keysCachedMax decrypted keys kept in memory, 0 to 1,000,000
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
        Assert.isTrue(
                !keysCachedFor.isNegative() && keysCachedFor.compareTo(CACHED_FOR_MAX) <= 0,
                "onsale.personal-data.keys-cached-for is PT0S to PT10M");
        Assert.isTrue(
                keysCachedMax >= 0 && keysCachedMax <= 1_000_000,
                "onsale.personal-data.keys-cached-max is 0 to 1000000");
    }

    /** Without the key: texts like this end up in logs. */
    @Override
    public String toString() {
        return "PersonalDataSettings[masterKeyFile=" + masterKeyFile + ", keysCachedFor=" + keysCachedFor + "]";
    }
}
