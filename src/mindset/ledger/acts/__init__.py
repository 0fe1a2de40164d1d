"""Acts: everything that a person may do to the record, each declared once.

From one declaration come the form on the page, the HTTP operation and the entry in the
log; nothing changes the thread in any other way. :func:`mindset.practices.load_acts` declares them all.
"""
