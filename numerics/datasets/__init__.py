"""Readers of the field's data sets from files that the user has: nothing is ever downloaded."""
