package dev.onsale.query.readmodel;

/** Takes the keys of the rows that a fold looks at. */
public interface Keys {

    <K> void add(Table<K, ?> table, K key);

    /**
     * As {@link #add}, for a row that the event creates. A live batch does not read it: if it is stored already, the guard
     * keeps it. A rebuild reads it, because it goes on with the row.
     */
    <K> void addCreated(Table<K, ?> table, K key);
}
