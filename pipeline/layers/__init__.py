"""A page's picture in layers: ink, its colours, and the paper behind it."""
