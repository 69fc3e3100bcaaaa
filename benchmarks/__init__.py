"""Measurements that print JSON."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the processes of the product have it
