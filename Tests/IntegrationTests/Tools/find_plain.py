"""Looks for texts in all files below folders, as they are and deflated at any place.

usage: find_plain.py MARKERS FOLDER...    MARKERS is a file with one text a line
prints `file: as it is|deflated: text` for each find. Left out are learners.db, which holds the learners, and for the key
master.key, which holds it: 64 hex digits, also looked for as the 32 bytes that they stand for.
"""

import os
import re
import sys
import zlib

OUTPUT_LIMIT = 1 << 16
TRIAL = 2048

with open(sys.argv[1], encoding="utf-8") as file:
    texts = file.read().splitlines()
markers = {text: [text.encode()] for text in texts}
for text in texts:
    if re.fullmatch("[0-9a-f]{64}", text):
        markers[text].append(bytes.fromhex(text))


def inflated(data):
    """What comes out of every place that could begin a deflate stream and gives more than a little."""
    view = memoryview(data)
    for start in range(len(data)):
        stream = zlib.decompressobj(-15)
        try:
            # What is no stream ends within a few bytes; the codes of a real one alone take some hundred.
            out = stream.decompress(view[start : start + TRIAL], OUTPUT_LIMIT)
            if len(out) > 100:
                out += stream.decompress(view[start + TRIAL : start + OUTPUT_LIMIT], OUTPUT_LIMIT)
        except zlib.error:
            continue
        if len(out) > 100:
            yield out


for folder in sys.argv[2:]:
    for parent, _, names in os.walk(folder):
        for name in names:
            if name.startswith("learners.db"):
                continue
            try:
                with open(os.path.join(parent, name), "rb") as file:
                    data = file.read()
            except FileNotFoundError:
                continue
            found = set()
            for text, forms in markers.items():
                if name == "master.key" and len(forms) > 1:
                    continue
                if any(form in data for form in forms):
                    found.add(f"{name}: as it is: {text}")
            for out in inflated(data):
                found |= {f"{name}: deflated: {text}" for text, forms in markers.items() if forms[0] in out}
            for line in sorted(found):
                print(line)
