"""The data of one measurement: import form, our store, Parquet, and the description of the batch."""

import json
import os
import shutil

from . import HarnessError, course
from .environment import ROOT, worker
from .measuring import last_json, measure
from .product import Product


class Workplace:
    """One folder with everything of one size of data; `source` is a folder in import form, else a sample is made."""

    def __init__(self, folder, exhaust=None, source=None):
        self.folder = os.path.abspath(folder)
        self.source = os.path.abspath(source) if source else self.path("sample")
        self.is_sample = source is None
        os.makedirs(self.folder, exist_ok=True)
        self.product = Product(exhaust, self.path("data"), self.path("password")) if exhaust else None
        self.course = None

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def prepare_data(self, learners, seed, say):
        """Makes the sample; nothing to do where a folder was given."""
        if not self.is_sample:
            return
        if self.product is None:
            raise HarnessError("data: a sample is made by the product. Add exhaust, or name a folder with --data-from.")
        shutil.rmtree(self.source, ignore_errors=True)
        say(f"making a sample of {learners:,} learners")
        self.product.sample(learners, seed, self.source)

    def describe(self, batch=None, channel=None, collection=None):
        """Looks at the batch that is reported: the one named, else the first."""
        batches = course.batches_of(self.source)
        if not batches:
            raise HarnessError(f"{self.source}: no batch in course_batch. Give a folder in import form.")
        self.course = course.describe(self.source, batch or batches[0][1], channel, collection)
        with open(self.path("course.json"), "w", encoding="utf-8") as file:
            json.dump(self.course, file)

    def import_data(self, say):
        """Fills our store; the measurement is of interest too."""
        say("importing")
        return self.product.import_folder(self.source)

    def convert(self, python, say):
        """Makes Parquet for the others; gives the rows of each table."""
        say("converting to Parquet")
        shutil.rmtree(self.path("parquet"), ignore_errors=True)
        done = measure(worker(python, "parquet_worker", self.source, self.path("parquet")), folder=ROOT)
        return last_json(done.output)

    def needs(self, names):
        """Refuses to reuse what is not there."""
        for name in names:
            if not os.path.exists(self.path(name)):
                raise HarnessError(f"{self.path(name)}: not there to be used again. Leave --reuse away once.")
