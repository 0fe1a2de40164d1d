"""People and how they join: kept apart from what they do, which names them by an id that says nothing."""
