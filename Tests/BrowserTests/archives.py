"""Zip files of every kind that the page opens, and damaged ones that it must refuse."""

import base64
import hashlib
import hmac
import io
import subprocess
import zipfile

import pyzipper
from Cryptodome.Cipher import AES

import mock_data

PASSWORD = mock_data.PASSWORD
CSV = mock_data.csv(5000).encode()
ENTRIES = {"01301_progress.csv": CSV, "receipt.json": b'{"counts":{"enrolled":2,"reported":1,"rows":1}}', "empty.csv": b""}


def aes(bits=256, method=pyzipper.ZIP_DEFLATED, force_ae=None, zip64=False, entries=None):
    buffer = io.BytesIO()
    with pyzipper.AESZipFile(buffer, "w", compression=method) as archive:
        archive.setencryption(pyzipper.WZ_AES, nbits=bits, **({"force_wz_aes_version": force_ae} if force_ae else {}))
        archive.setpassword(PASSWORD.encode())
        for name, content in (entries or ENTRIES).items():
            if zip64:
                with archive.open(name, "w", force_zip64=True) as entry:
                    entry.write(content)
            else:
                archive.writestr(name, content)
    return buffer.getvalue()


def plain():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ENTRIES.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def by_7zip(folder, method):
    """Made by 7-Zip itself: `AES256` or `ZipCrypto`."""
    for name, content in ENTRIES.items():
        (folder / name).write_bytes(content)
    target = folder / f"{method}.zip"
    target.unlink(missing_ok=True)
    command = ["7z", "a", f"-p{PASSWORD}", f"-mem={method}", str(target), *ENTRIES]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return target.read_bytes()


def container(level="TEXT_KEY", content=CSV, comment=True, alter=None, password=PASSWORD):
    """An open zip with a container in place of the CSV, as the encrypted levels have it (upstream.md 6.2)."""
    file_key = hashlib.sha256(b"file key").digest()
    user_key = hashlib.md5(password.encode()).hexdigest().upper().encode()
    wrapped = AES.new(user_key, AES.MODE_CBC, bytes(16)).encrypt(padded(file_key))
    header = f"{level}_ENCRYPTED_DATASET\n".encode() + base64.b64encode(wrapped) + b"\n"
    whole = header + AES.new(file_key, AES.MODE_CBC, bytes(16)).encrypt(padded(content))
    code_key = hmac.new(file_key, b"exhaust container authentication 1", hashlib.sha256).digest()
    code = hmac.new(code_key, whole, hashlib.sha256).hexdigest()
    if alter is not None:
        whole = flipped(whole, alter)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("01301_progress.csv", whole)
        archive.writestr("receipt.json", ENTRIES["receipt.json"])
        if comment:
            archive.comment = f"exhaust-hmac-sha256:01301_progress.csv:{code}".encode()
    return buffer.getvalue()


def padded(content):
    count = 16 - len(content) % 16
    return content + bytes([count]) * count


def flipped(content, at):
    """The same with one bit changed."""
    content = bytearray(content)
    content[at] ^= 1
    return bytes(content)


def content_range(archive):
    """Where the packed bytes of the first entry lie."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        entry = opened.infolist()[0]
    header = archive[entry.header_offset : entry.header_offset + 30]
    start = entry.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return start, start + entry.compress_size


def large(mebibytes):
    """Content that deflates to about a third, as reports do, and is made quickly."""
    lines = "".join(f"do_2130,batch-{n % 7},{hashlib.sha1(bytes([n % 251, n // 251 % 251])).hexdigest()},{n % 101}\n" for n in range(60_000))
    block = lines.encode()
    return block * (mebibytes * 2**20 // len(block) + 1)

