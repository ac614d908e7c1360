package dev.onsale.api.view;

/** Whether seats of a performance can be held at the moment of the answer. */
public enum SaleState {
    /** The window has not begun. */
    NOT_OPEN,
    OPEN,
    /** The window is over or an operator closed the sale. */
    CLOSED,
    /** The show was called off. */
    CALLED_OFF
}
