"""Takes the CSV out of one of our files with pyzipper, which shares no code with the product.

    python -m harness.archive_worker ARCHIVE PASSWORD_FILE [CSV]

Prints a JSON object: names, bytes and SHA-256 of the CSV entries joined, without the headers of later ones. Reading
to the end authenticates each entry.
"""

import hashlib
import json
import sys

import pyzipper

PIECE = 1 << 20


def csv_names(archive):
    """The CSV entries in order: one, or `…_part-00001.csv` and on (design.md 6.3)."""
    return sorted(name for name in archive.namelist() if name.endswith(".csv") and name != "dictionary.csv")


def pieces(archive):
    for number, name in enumerate(csv_names(archive)):
        with archive.open(name) as entry:
            if number:
                # A header holds no line end of its own: its labels are identifiers.
                entry.readline()
            while piece := entry.read(PIECE):
                yield piece


def main():
    path, password_file = sys.argv[1:3]
    with open(password_file, "rb") as file:
        password = file.readline().rstrip(b"\r\n")
    digest, size = hashlib.sha256(), 0
    target = open(sys.argv[3], "wb") if len(sys.argv) > 3 else None
    with pyzipper.AESZipFile(path) as archive:
        archive.setpassword(password)
        for piece in pieces(archive):
            digest.update(piece)
            size += len(piece)
            if target:
                target.write(piece)
        names = csv_names(archive)
    if target:
        target.close()
    print(json.dumps({"entries": names, "bytes": size, "sha256": digest.hexdigest()}))


if __name__ == "__main__":
    main()
