package dev.onsale.query.wallet;

import java.util.List;
import org.springframework.data.repository.Repository;

interface BalanceRepository extends Repository<BalanceRow, BalanceKey> {

    List<BalanceRow> findByBuyerId(String buyerId);
}
