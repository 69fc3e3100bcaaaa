"""Faults done to Opis on purpose, and what was left afterwards."""
