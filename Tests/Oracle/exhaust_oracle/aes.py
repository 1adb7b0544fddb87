"""AES-128 in ECB mode. The `cryptography` package does it fast; the plain form below needs nothing."""

try:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
except ImportError:
    Cipher = None


def _multiply(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def _boxes():
    box = [0] * 256
    for value in range(256):
        inverse = next((x for x in range(1, 256) if _multiply(value, x) == 1), 0)
        result = 0x63
        for shift in range(5):
            result ^= ((inverse << shift) | (inverse >> (8 - shift))) & 0xFF
        box[value] = result
    inverse_box = [0] * 256
    for value, result in enumerate(box):
        inverse_box[result] = value
    return box, inverse_box


_BOX, _INVERSE_BOX = _boxes()
_TIMES = {factor: [_multiply(value, factor) for value in range(256)] for factor in (2, 3, 9, 11, 13, 14)}


def _round_keys(key):
    words = [list(key[i : i + 4]) for i in range(0, 16, 4)]
    constant = 1
    for index in range(4, 44):
        word = list(words[-1])
        if index % 4 == 0:
            word = [_BOX[byte] for byte in word[1:] + word[:1]]
            word[0] ^= constant
            constant = _multiply(constant, 2)
        words.append([a ^ b for a, b in zip(word, words[index - 4])])
    return [sum(words[i : i + 4], []) for i in range(0, 44, 4)]


def _mix(state, factors):
    mixed = []
    for column in range(0, 16, 4):
        for row in range(4):
            byte = 0
            for index in range(4):
                value, factor = state[column + index], factors[(index - row) % 4]
                byte ^= value if factor == 1 else _TIMES[factor][value]
            mixed.append(byte)
    return mixed


def _encrypt_block(keys, block):
    state = [a ^ b for a, b in zip(block, keys[0])]
    for number in range(1, 11):
        state = [_BOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if number < 10:
            state = _mix(state, (2, 3, 1, 1))
        state = [a ^ b for a, b in zip(state, keys[number])]
    return bytes(state)


def _decrypt_block(keys, block):
    state = [a ^ b for a, b in zip(block, keys[10])]
    for number in range(9, -1, -1):
        state = [_INVERSE_BOX[state[(i - 4 * (i % 4)) % 16]] for i in range(16)]
        state = [a ^ b for a, b in zip(state, keys[number])]
        if number:
            state = _mix(state, (14, 11, 13, 9))
    return bytes(state)


def plain_ecb(key, data, one_block):
    """Without any package; `one_block` is one of the two functions above."""
    keys = _round_keys(key)
    return b"".join(one_block(keys, data[i : i + 16]) for i in range(0, len(data), 16))


def encrypt_ecb(key, data):
    """`data` is whole blocks."""
    if Cipher is None:
        return plain_ecb(key, data, _encrypt_block)
    context = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return context.update(data) + context.finalize()


def decrypt_ecb(key, data):
    """`data` is whole blocks."""
    if Cipher is None:
        return plain_ecb(key, data, _decrypt_block)
    context = Cipher(algorithms.AES(key), modes.ECB()).decryptor()
    return context.update(data) + context.finalize()
