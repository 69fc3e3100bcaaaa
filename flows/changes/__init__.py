"""Changes that people make to units: pages moved, split, merged, named, replaced, and undone."""
