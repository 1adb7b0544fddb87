"""Options that the scripts share."""

import os
import sys

from .environment import ROOT


def add_common(parser):
    parser.add_argument("--exhaust", metavar="FILE", help="the binary; .build/release/exhaust otherwise")
    parser.add_argument("--work", metavar="DIR", default=os.path.join(ROOT, "work"), help="folder for data and results")
    parser.add_argument("--learners", metavar="N", type=count, default=1_000_000, help="of the sample; default 1000000")
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="of the sample; default 1")
    parser.add_argument("--data-from", metavar="DIR", help="a folder in import form, instead of a sample")
    parser.add_argument("--batch", metavar="ID", help="the batch to report; the first of course_batch otherwise")
    parser.add_argument("--channel", metavar="ORG", help="the organisation that asks; the collection's own otherwise")
    parser.add_argument("--reuse", action="store_true", help="take the data as an earlier call left it")


def count(text):
    """A whole number above 0, also written `1,000,000` or `1_000_000`."""
    value = int(text.replace(",", "").replace("_", ""))
    if value < 1:
        raise ValueError(text)
    return value


def say(text):
    """Notes go to standard error: standard output holds the figures."""
    print(text, file=sys.stderr, flush=True)
