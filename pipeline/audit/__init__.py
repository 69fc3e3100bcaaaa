"""The audit chain: who looked at what and did what, so that nobody can alter it unseen."""
