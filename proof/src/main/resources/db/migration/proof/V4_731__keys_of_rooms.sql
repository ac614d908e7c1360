-- The key of a waiting room's chain was waiting-room:SALE, which a buyer may be called, too. A slash is in no id.
UPDATE sealed_sale
SET sale_key = CONCAT('waiting-room/', SUBSTRING(sale_key, 14))
WHERE sale_key LIKE 'waiting-room:%'
  AND EXISTS (SELECT 1 FROM sealed_record r WHERE r.sale_no = sealed_sale.sale_no);
