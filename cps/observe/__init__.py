"""What the system lets its operator see of its work: lines of log, counts, and traces.

Nothing that says who somebody is or what they wrote leaves by any of them: what may be said is named here, and
whatever is not named is left out.
"""
