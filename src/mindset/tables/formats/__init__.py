"""One reader per format behind one small interface (:mod:`mindset.tables.formats.base`)."""
