"""Personal data as the platform keeps it (upstream.md 5.8): three rounds of base64 over AES-128-ECB."""

import base64
import re

from .aes import decrypt_ecb, encrypt_ecb

_KEY = b"ThisAsISerceKtey"
_ROUNDS = 3
_FULL_LINE_BYTES = 57


class NotDecrypted(ValueError):
    """A value that this recipe and salt did not make."""


def effective_salt(salt):
    """CR, TAB and LF in the setting stand as two characters in the running system."""
    return salt.replace("\r", "\\r").replace("\t", "\\t").replace("\n", "\\n")


def _lenient_base64(text):
    """Characters outside the alphabet are ignored, the URL-safe ones accepted, a `=` ends the input."""
    kept = re.sub(r"[^A-Za-z0-9+/]", "", text.split("=", 1)[0].replace("-", "+").replace("_", "/"))
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return base64.b64decode(kept + "=" * (-len(kept) % 4))


def decrypt(value, salt):
    """The plain text; a blank value stays as it is; NotDecrypted instead of ever giving ciphertext back."""
    if value.strip() == "":
        return value
    skip = len(effective_salt(salt))
    result = value.strip()
    for _ in range(_ROUNDS):
        data = _lenient_base64(result)
        if not data or len(data) % 16:
            raise NotDecrypted("not whole blocks")
        plain = decrypt_ecb(_KEY, data)
        padding = plain[-1]
        if not 1 <= padding <= 16 or plain[-padding:] != bytes([padding]) * padding:
            raise NotDecrypted("padding")
        try:
            result = plain[:-padding].decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotDecrypted("not UTF-8") from error
        if len(result) < skip:
            raise NotDecrypted("shorter than the salt")
        result = result[skip:]
    return result


def encrypt(value, salt, line_broken=False):
    """The way in, for fixtures and for checking the vectors."""
    result = value
    for _ in range(_ROUNDS):
        plain = (effective_salt(salt) + result).encode("utf-8")
        padding = 16 - len(plain) % 16
        result = _base64_lines(encrypt_ecb(_KEY, plain + bytes([padding]) * padding), line_broken)
    return result


def _base64_lines(data, line_broken):
    """One line, or a line feed after every full 57 bytes and none after a shorter rest."""
    if not line_broken:
        return base64.b64encode(data).decode("ascii")
    lines = (data[i : i + _FULL_LINE_BYTES] for i in range(0, len(data), _FULL_LINE_BYTES))
    return "".join(
        base64.b64encode(line).decode("ascii") + ("\n" if len(line) == _FULL_LINE_BYTES else "") for line in lines
    )
