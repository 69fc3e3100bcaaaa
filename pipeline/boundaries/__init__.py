"""Where the documents of a binder begin, told from the pages' words alone."""
