"""Recognition weights of our own, tuned on lines that are made here; an offline step."""
