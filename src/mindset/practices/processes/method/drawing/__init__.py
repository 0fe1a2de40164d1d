"""The parts of a drawn graph: shapes, layers, lanes, paths, labels and marks. See :mod:`..layout` for the whole."""
