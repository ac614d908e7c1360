package dev.onsale.query.wallet;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

interface EntryRepository extends Repository<EntryRow, EntryKey> {

    List<EntryRow> findByBuyerIdAndPositionLessThanOrderByPositionDesc(String buyerId, long before, Limit limit);
}
