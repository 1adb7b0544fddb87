"""Reads a zip with another implementation: one line an entry with its SHA-256, size, method and name.

usage: read_zip.py zipfile|pyzipper FILE    the password, if any, in ARCHIVE_PASSWORD
exit 3: the password was refused
"""

import hashlib
import importlib
import os
import sys

module = importlib.import_module(sys.argv[1])
opener = module.AESZipFile if sys.argv[1] == "pyzipper" else module.ZipFile
password = os.environ.get("ARCHIVE_PASSWORD", "").encode()
with opener(sys.argv[2]) as archive:
    if password:
        archive.setpassword(password)
    for info in archive.infolist():
        digest = hashlib.sha256()
        count = 0
        try:
            with archive.open(info) as content:
                while piece := content.read(1 << 20):
                    digest.update(piece)
                    count += len(piece)
        except RuntimeError as error:
            if "password" in str(error).lower():
                sys.exit(3)
            raise
        print(digest.hexdigest(), count, info.compress_type, info.filename, sep="\t")
