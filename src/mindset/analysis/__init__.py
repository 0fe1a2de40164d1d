"""What an analysis is: its declaration, its table contracts, its finding and its errors.

This room knows nothing of files, databases or pages. Import from its modules; this
file stays empty of code so that the command line starts fast.
"""
