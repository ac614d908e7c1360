package dev.onsale.saga.payment;

import com.stripe.net.Authenticator;
import com.stripe.net.BearerTokenAuthenticator;
import com.stripe.net.StripeResponseGetterOptions;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Options of Stripe's client. Time-outs are those of {@link GatewayCalls}; the steps retry. */
final class StripeOptions extends StripeResponseGetterOptions {

    private final String baseUrl;
    private final Authenticator authenticator;

    StripeOptions(URI baseUrl, String secretKey) {
        this.baseUrl = baseUrl.toString();
        this.authenticator = new BearerTokenAuthenticator(secretKey);
    }

    @Override
    public Authenticator getAuthenticator() {
        return authenticator;
    }

    @Override
    public int getMaxNetworkRetries() {
        return 0;
    }

    @Override
    public String getApiBase() {
        return baseUrl;
    }

    @Override
    public String getFilesBase() {
        return baseUrl;
    }

    @Override
    public String getConnectBase() {
        return baseUrl;
    }

    @Override
    public String getMeterEventsBase() {
        return baseUrl;
    }

    @Override
    public int getConnectTimeout() {
        return 0;
    }

    @Override
    public int getReadTimeout() {
        return 0;
    }

    @Override
    public @Nullable String getClientId() {
        return null;
    }

    @Override
    public @Nullable Proxy getConnectionProxy() {
        return null;
    }

    @Override
    public @Nullable PasswordAuthentication getProxyCredential() {
        return null;
    }

    @Override
    public @Nullable String getStripeAccount() {
        return null;
    }

    @Override
    public @Nullable String getStripeContext() {
        return null;
    }
}
