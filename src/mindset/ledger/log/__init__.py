"""The record: an append-only list of what happened, sealed so that nothing in it can be altered unnoticed.

Each entry is a leaf of a Merkle tree (RFC 6962); the size and the root of the tree are signed
(:mod:`~mindset.ledger.log.checkpoint`), and the signed checkpoint is kept outside the database.

Pure: :mod:`~mindset.ledger.log.tree`, :mod:`~mindset.ledger.log.seal`, :mod:`~mindset.ledger.log.checkpoint`.
With the database: :mod:`~mindset.ledger.log.append`, :mod:`~mindset.ledger.log.erase`,
:mod:`~mindset.ledger.log.check`, :mod:`~mindset.ledger.log.prove`, :mod:`~mindset.ledger.log.export`.
"""
