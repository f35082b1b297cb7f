"""What everything else stands on: database, clock, jobs, errors, references, text."""
