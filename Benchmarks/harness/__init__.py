"""Measures the product, and DuckDB and PySpark beside it on the same data. See README.md one folder up.

The modules of this package that need a package of `requirements.txt` are named `…_worker`; they run as processes of
their own, so that the process that starts and measures everything stays small and needs only the standard library.
"""


class HarnessError(Exception):
    """Something that stops a measurement: says what, why, and what to do."""
