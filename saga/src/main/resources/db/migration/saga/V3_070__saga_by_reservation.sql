-- One saga a reservation, kept under the reservation's own identifier: what a batch of events needs is read and written
-- in one statement each, and no look-up by association is left.
UPDATE saga
    JOIN saga_association
        ON saga_association.saga_id = saga.saga_id AND saga_association.association_key = 'reservationId'
SET saga.saga_id = saga_association.association_value;

DROP TABLE saga_association;
