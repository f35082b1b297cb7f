"""Backups of a city, and the proof that they can be restored.

The database's base backups and its continuous archive are pgBackRest's affair, the files of `CPS_VAR` restic's; both
encrypt before anything leaves the machine. Nothing here ever writes over what lives.
"""
