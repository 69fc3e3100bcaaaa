"""What a person asks: the query language, and how its words find the words of a page."""
