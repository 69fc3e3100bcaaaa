"""Sheets to be printed: a cover for each unit, separators for its documents."""
