package dev.onsale.saga.step;

/** An intention: a record that is stored as JSON until it is carried out. A rename of its parts is a migration. */
public interface Step {

    /** The kind of step, as stored. */
    String kind();

    /** Which one of its kind, at most 120 ASCII characters; asking for the same step twice is asking once. */
    String id();
}
