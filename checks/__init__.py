"""Checks of the mathematics: which check supports which statement, the evidence, the report, and the independent re-checker."""
