"""What a person meets: one module for each kind of thing."""
