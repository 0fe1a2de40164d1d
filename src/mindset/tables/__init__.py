"""Any source, however odd, as a typed table: read right or refused plainly, every decision listed.

``from mindset.tables.read import read`` opens a source; :mod:`mindset.tables.inspect` says
what was decided and why; :mod:`mindset.tables.store` keeps tables by their fingerprint.
"""
