"""The methods of the processes practice: no web, no database, no files, no clock."""
