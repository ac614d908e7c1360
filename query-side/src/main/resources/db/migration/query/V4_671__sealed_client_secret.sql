-- What a buyer authenticates a payment with, as the fact has it: sealed under the buyer's key, nothing to anybody without it.
ALTER TABLE payment_view ADD COLUMN sealed_client_secret TEXT CHARACTER SET ascii COLLATE ascii_bin;
