"""What each command does and says: from settings and arguments to an Answer."""
