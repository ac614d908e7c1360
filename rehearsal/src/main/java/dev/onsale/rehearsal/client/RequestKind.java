package dev.onsale.rehearsal.client;

/** What a request is for; latencies are kept apart by it. */
public enum RequestKind {
    JOIN("join waiting room"),
    POLL("ask for place"),
    ENTER("enter sale"),
    HOLD("hold seats"),
    PAY("pay"),
    CANCEL("cancel"),
    COUPON("coupon"),
    WATCH("look at reservation"),
    OPERATE("operator"),
    VERIFY("verification");

    private final String label;

    RequestKind(String label) {
        this.label = label;
    }

    /** For people. */
    public String label() {
        return label;
    }
}
