"""Keeping an instance well: backup and restore, the doctor, and the work that is done by the clock.

Above the web, whose settings, jobs and letters it uses; below the command line, which offers it.
"""
