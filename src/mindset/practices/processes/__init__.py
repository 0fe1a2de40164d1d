"""Practice 1, processes: understand how technology changes the way that work is done."""
