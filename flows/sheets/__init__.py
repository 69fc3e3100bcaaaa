"""Pre-printed sheets: covers read back, the expected list, drops sorted by their sheets."""
