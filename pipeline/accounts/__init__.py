"""Accounts, sessions, keys and the audit chain, in the ledger's database."""
