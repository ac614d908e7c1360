package dev.onsale.query.statistics;

import java.util.List;
import org.springframework.data.repository.Repository;

interface SalesRepository extends Repository<SalesMinute, MinuteKey> {

    List<SalesMinute> findByPerformanceIdAndMinuteBetweenOrderByMinute(String performanceId, String from, String to);
}
