"""What both backends share: the fields of a page, who may see it, what a search answers."""
