package dev.onsale.query.readmodel;

/** Takes the keys of the rows that a fold looks at. */
public interface Keys {

    <K> void add(Table<K, ?> table, K key);
}
