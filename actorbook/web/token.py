"""`Token`: data that a client may carry but not forge, signed, or encrypted too (rule CH-76).

    >>> import actorbook as ab
    >>> token = ab.web.Token.sign("a long secret of your own", "user", 7)
    >>> ab.web.Token.verify("a long secret of your own", "user", token)
    7
    >>> ab.web.Token.verify("a long secret of your own", "user", token + "x")
    Traceback (most recent call last):
    actorbook.core.errors.TokenError: token: expected one that was signed with this secret and salt, got another

The salt says what a token is for, so one for `"user"` is none for `"reset"`. Signing is `itsdangerous`'s work,
encryption `cryptography`'s (Fernet); both come with `pip install actorbook[web]`.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import pbkdf2_hmac
from typing import Any

from ..core.errors import TokenError
from .jsons import dumps, loads

__all__ = ["Token"]

_DAY = 86_400.0
_ROUNDS = 1000


class Token:
    """Four functions; data is what JSON can say."""

    @staticmethod
    def sign(secret: str, salt: str, data: Any) -> str:
        """Data anybody can read, and only who knows the secret can make."""
        return _signer(secret, salt).dumps(data)  # type: ignore[no-any-return]

    @staticmethod
    def verify(secret: str, salt: str, token: Any, max_age: float | None = _DAY) -> Any:
        """The data. Raises `TokenError`: `reason` is `"invalid"`, `"missing"`, or, after `max_age` s, `"expired"`."""
        from itsdangerous import BadData, SignatureExpired

        try:
            return _signer(secret, salt).loads(_text(token), max_age=max_age)
        except SignatureExpired:
            raise _expired(max_age) from None
        except BadData:
            raise _invalid() from None

    @staticmethod
    def encrypt(secret: str, salt: str, data: Any) -> str:
        """Data that only who knows the secret can read."""
        return _fernet(secret, salt).encrypt(dumps(data).encode()).decode()  # type: ignore[no-any-return]

    @staticmethod
    def decrypt(secret: str, salt: str, token: Any, max_age: float | None = _DAY) -> Any:
        """The data; raises as `verify` does."""
        from cryptography.fernet import InvalidToken

        fernet, sealed = _fernet(secret, salt), _text(token).encode()
        try:
            data = fernet.decrypt(sealed)
        except InvalidToken:
            raise _invalid() from None
        if max_age is not None:
            try:
                fernet.decrypt(sealed, ttl=int(max_age))
            except InvalidToken:
                raise _expired(max_age) from None
        return loads(data.decode())


def _signer(secret: Any, salt: str) -> Any:
    from itsdangerous import URLSafeTimedSerializer

    return URLSafeTimedSerializer(_secret(secret), salt=salt)


def _fernet(secret: Any, salt: str) -> Any:
    from cryptography.fernet import Fernet

    return Fernet(urlsafe_b64encode(pbkdf2_hmac("sha256", _secret(secret).encode(), salt.encode(), _ROUNDS)))


def _secret(secret: Any) -> str:
    if not isinstance(secret, str) or len(secret) < 20:
        raise ValueError("Token: expected a secret of 20 characters or more; make one with `secrets.token_urlsafe(32)`")
    return secret


def _text(token: Any) -> str:
    if not isinstance(token, str):
        raise TokenError("missing", f"token: expected text, got {token!r}")
    return token


def _expired(max_age: float | None) -> TokenError:
    return TokenError(
        "expired", f"token: expected one of the last {max_age:g} s, got an older one; have a new one made"
    )


def _invalid() -> TokenError:
    return TokenError("invalid", "token: expected one that was signed with this secret and salt, got another")
