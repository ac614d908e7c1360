-- The contact details of a reservation as the fact has them: sealed under the buyer's key, nothing to anybody without it.
ALTER TABLE reservation_view ADD COLUMN sealed_contact TEXT CHARACTER SET ascii COLLATE ascii_bin;
