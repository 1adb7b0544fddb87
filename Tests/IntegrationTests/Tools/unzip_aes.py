"""Unpacks a zip with pyzipper, an independent reader of WinZip AES.

usage: unzip_aes.py FILE PASSWORD FOLDER
exit 3: the password was refused
"""

import sys

import pyzipper

file, password, folder = sys.argv[1:]
with pyzipper.AESZipFile(file) as archive:
    archive.setpassword(password.encode())
    try:
        archive.extractall(folder)
    except RuntimeError as error:
        sys.exit(3 if "password" in str(error).lower() else str(error))
