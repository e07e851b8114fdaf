"""Every change of state: atomic, keyword-only, `by=` the person, its history in the same transaction.

Permission is asked before (see permissions.py); what an action refuses is what the record itself does not allow.
"""
