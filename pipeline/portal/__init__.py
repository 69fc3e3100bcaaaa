"""What the portal needs and no unit holds: the feed of changes, requests, saved searches."""
