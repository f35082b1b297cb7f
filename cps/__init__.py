"""Civic Participation System: citizens report, the right department answers, everyone can follow."""
