"""The record of a document from its words, by rules.

`description.describe` gives the fields of a document's pages; `extraction.extract` those of a plain
text and its entities, by a spaCy pipeline of the same rules and a trained model.

The model multiplies matrices too small to share: NumPy's threads would only wait for one another.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
