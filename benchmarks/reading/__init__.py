"""How fast and how truly pages are read: Opis beside what a user would pick instead."""
