"""Django’s backend for PostgreSQL, with JSON kept as it was written (``ENGINE = "mindset.ledger.postgresql"``)."""
