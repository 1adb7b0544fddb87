"""Memory of one run at growing sizes (design.md 11: the same at every size)."""

import os
import shutil

from . import HarnessError
from .workplace import Workplace

# What a learner takes on disk: compressed import form, store, file; measured, rounded up.
BYTES_A_LEARNER = 7_000


def measured(exhaust, folder, sizes, seed, say):
    """Rows of (learners, measurement, bytes of the file). Each size's data is removed before the next is made."""
    rows = []
    for learners in sizes:
        place = os.path.join(folder, f"memory-{learners}")
        needed, free = learners * BYTES_A_LEARNER, shutil.disk_usage(folder).free
        if needed > free:
            raise HarnessError(
                f"{learners:,} learners: need about {needed >> 30} GiB, {free >> 30} GiB are free in {folder}."
                " Choose another folder with --work."
            )
        try:
            rows.append(_one(Workplace(place, exhaust), learners, seed, say))
        finally:
            shutil.rmtree(place, ignore_errors=True)
    return rows


def _one(place, learners, seed, say):
    place.prepare_data(learners, seed, say)
    place.describe()
    place.import_data(say)
    say(f"running at {learners:,} learners")
    done, file = place.product.run(place.course, place.path("ours"))
    return learners, done, os.path.getsize(file)
