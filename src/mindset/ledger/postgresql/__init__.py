"""Django's backend for PostgreSQL, with JSON that is kept as it was written (``ENGINE = "mindset.ledger.postgresql"``)."""
