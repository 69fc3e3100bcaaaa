"""What happens to one binder, stage by stage: taken in, read, made into documents, published."""
