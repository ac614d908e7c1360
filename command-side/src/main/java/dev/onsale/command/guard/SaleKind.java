package dev.onsale.command.guard;

import java.util.Locale;

enum SaleKind {
    PERFORMANCE,
    CAMPAIGN;

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
