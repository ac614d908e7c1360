package dev.onsale.command.wallet;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of wallets ({@code onsale.wallet.*}).
 *
 * @param selfService whether buyers may charge their own wallets without paying; for trials only, never where points
 *     are worth money
 */
@ConfigurationProperties("onsale.wallet")
record WalletProperties(@DefaultValue("false") boolean selfService) {}
