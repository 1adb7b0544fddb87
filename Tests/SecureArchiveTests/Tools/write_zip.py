"""Writes a zip with pyzipper, for our reader: entries a.csv and b.csv.

usage: write_zip.py FILE open|ae1|ae2 BITS stored|deflated    the password in ARCHIVE_PASSWORD
"""

import os
import sys

import pyzipper

path, kind, bits, method = sys.argv[1:5]
compression = pyzipper.ZIP_STORED if method == "stored" else pyzipper.ZIP_DEFLATED
with pyzipper.AESZipFile(path, "w", compression=compression) as archive:
    if kind != "open":
        archive.setpassword(os.environ["ARCHIVE_PASSWORD"].encode())
        version = {"ae1": 1, "ae2": 2}[kind]
        archive.setencryption(pyzipper.WZ_AES, nbits=int(bits), force_wz_aes_version=version)
    archive.writestr("a.csv", b"User UUID,Progress\n" + b"user-1,100\n" * 5000)
    archive.writestr("b.csv", b"x\n")
