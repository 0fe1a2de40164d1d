"""The HTTP interface: OGC API – Processes, Part 1: Core (18-062r2), made from the declared analyses."""
