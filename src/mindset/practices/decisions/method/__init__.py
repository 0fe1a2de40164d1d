"""The methods of the practice: pure, no web, no database, no files."""
