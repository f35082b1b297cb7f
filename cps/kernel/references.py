"""Public references: eight characters without look-alikes, in no order anyone can guess.

`7K3M-9QAZ` is seven Crockford base32 digits of a permuted serial number and one check digit. The
permutation is secret to the city, so that neighbours in time are not neighbours in number; being a
permutation, it never gives one reference twice.
"""

from hashlib import blake2s

from cps.kernel.numbers import plain_digits

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 7
_BITS = 5 * _LENGTH
_HALF = 18  # the Feistel network works on two halves of 18 bits; results over 35 bits walk on
_HALF_MASK = (1 << _HALF) - 1
_ROUNDS = 4
_LOOK_ALIKES = str.maketrans("OILU", "011V", "- \t\u00a0")
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1 over GF(2), primitive


def reference(number: int, key: bytes) -> str:
    """Return the public reference of serial `number` (0 ≤ number < 2^35) under the city's `key`."""
    permuted = _permuted(number, key)
    digits = "".join(DIGITS[permuted >> shift & 31] for shift in range(_BITS - 5, -1, -5))
    return _grouped(digits + _check_digit(digits))


def canonical(text: str) -> str | None:
    """Read a reference as people type it (any case and script's digits, gaps, O for 0, I or L for 1); None if it is none.

    The check digit catches every single wrong character and every swap of two.
    """
    digits = plain_digits(text).strip().upper().translate(_LOOK_ALIKES)
    if len(digits) != _LENGTH + 1 or any(digit not in DIGITS for digit in digits):
        return None
    if _check_digit(digits[:-1]) != digits[-1]:
        return None
    return _grouped(digits)


def _grouped(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:]}"


def _permuted(number: int, key: bytes) -> int:
    if not 0 <= number < 1 << _BITS:
        raise ValueError(f"no reference for {number}: it does not fit {_BITS} bits")
    number = _shuffled(number, key)
    while number >= 1 << _BITS:
        number = _shuffled(number, key)
    return number


def _shuffled(number: int, key: bytes) -> int:
    left, right = number >> _HALF, number & _HALF_MASK
    for turn in range(_ROUNDS):
        digest = blake2s(bytes((turn,)) + right.to_bytes(3, "big"), key=key, digest_size=3).digest()
        left, right = right, left ^ (int.from_bytes(digest, "big") & _HALF_MASK)
    return left << _HALF | right


def _check_digit(digits: str) -> str:
    """Weigh each digit by a power of a primitive element of GF(32) and add up."""
    total = 0
    for digit in digits:
        total = _doubled(total ^ DIGITS.index(digit))
    return DIGITS[total]


def _doubled(element: int) -> int:
    element <<= 1
    return element ^ _FIELD_POLYNOMIAL if element & 32 else element
