package dev.onsale.command.guard.state;

import java.util.Locale;

public enum SaleKind {
    PERFORMANCE,
    CAMPAIGN;

    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
