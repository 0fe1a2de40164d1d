"""Statistics that more than one practice needs: pure, numbers in and numbers out."""
