"""Documents as PDF/A: file structure, pictures, invisible text, description, checks."""
