"""Practice 2, decisions: lead more, manage less – decide close to the work, with advice, in the open."""
