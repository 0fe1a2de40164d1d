"""The documentation: pages written by hand, and reference pages made from the declarations by `docs.build`."""
