"""JSON as frames need it: compact, strict in both directions, and always text that can be sent.

>>> dumps(["é", 1.5, None])
'["é",1.5,null]'
>>> dumps({"at": {1, 2}})
Traceback (most recent call last):
TypeError: payload: expected what JSON can say (dict, list, str, number, bool, None), got ... set ...
"""

from __future__ import annotations

from json import JSONDecoder, JSONEncoder
from typing import Any, NoReturn

__all__ = ["dumps", "loads"]


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"expected JSON, which has no {constant}")


_encode = JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
_encode_ascii = JSONEncoder(separators=(",", ":"), allow_nan=False).encode
loads = JSONDecoder(parse_constant=_refuse).decode


def dumps(value: Any) -> str:
    """`value` as text. Raises `TypeError` or `ValueError`, which say what JSON cannot."""
    try:
        text = _encode(value)
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        expected = "expected what JSON can say (dict, list, str, number, bool, None)"
        raise kind(f"payload: {expected}, got something else: {error}") from None
    return text if text.isascii() or _is_sound(text) else _encode_ascii(value)


def _is_sound(text: str) -> bool:
    """Half a surrogate pair is no text that UTF-8 knows; a client may send one all the same, escaped."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
