package dev.onsale.query.reservation;

import org.springframework.data.repository.CrudRepository;

interface PaymentRepository extends CrudRepository<PaymentRow, String> {}
