"""Commands of accounts, keys and the audit chain."""
