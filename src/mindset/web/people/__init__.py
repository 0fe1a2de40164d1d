"""People on the web: signing in, joining, one's own page, and who may open what."""
