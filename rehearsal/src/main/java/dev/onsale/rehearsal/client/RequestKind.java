package dev.onsale.rehearsal.client;

/** The kinds of requests, for which latencies are reported separately. */
public enum RequestKind {
    JOIN("join waiting room"),
    POLL("poll place"),
    ENTER("enter sale"),
    HOLD("hold seats"),
    PAY("pay"),
    CANCEL("cancel"),
    COUPON("coupon"),
    WATCH("read reservation"),
    OPERATE("operator"),
    VERIFY("verification");

    private final String label;

    RequestKind(String label) {
        this.label = label;
    }

    /** Name of the kind in reports. */
    public String label() {
        return label;
    }
}
