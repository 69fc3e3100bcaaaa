"""The key that signs heads of the chain: Ed25519, made once, in a file that only its owner reads."""

import os
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from schemas.durable import make_folder, sync_folder
from schemas.errors import InputError


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError("audit-key", path.name, why=os.strerror(error.errno or 0)) from error


def read_private(path: Path) -> Ed25519PrivateKey:
    """The key of a file; raises InputError audit-key."""
    try:
        key = load_pem_private_key(_read(path), None)
    except (ValueError, TypeError) as error:
        raise InputError("audit-key", path.name, why="PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError("audit-key", path.name, why="Ed25519")
    return key


def read_public(path: Path) -> Ed25519PublicKey:
    """The public key of a file, which may hold the private one; raises InputError audit-key."""
    data = _read(path)
    if b"PRIVATE KEY" in data:
        return read_private(path).public_key()
    try:
        key = load_pem_public_key(data)
    except ValueError as error:
        raise InputError("audit-key", path.name, why="PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("audit-key", path.name, why="Ed25519")
    return key


def private_key(path: Path) -> Ed25519PrivateKey:
    """The key of a file; a new one where there is no file yet. Raises InputError audit-key."""
    if not path.exists():
        _make(path)
    return read_private(path)


def pseudonym_secret(path: Path) -> bytes:
    """What names are hidden by: of the key's file, unless a file beside it keeps an earlier one's."""
    kept = _secret_file(path)
    if kept.exists():
        return _read(kept)
    return sha256(b"opis pseudonyms" + private_key(path).private_bytes_raw()).digest()


def keep_pseudonym_secret(path: Path) -> None:
    """Before the key changes: whoever is in the chain keeps his pseudonym."""
    if not _secret_file(path).exists():
        _store(_secret_file(path), pseudonym_secret(path))


def _secret_file(path: Path) -> Path:
    return path.with_name(f"{path.stem}.pseudonyms")


def _make(path: Path) -> None:
    new = Ed25519PrivateKey.generate()
    _store(path, new.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _store(path: Path, data: bytes) -> None:
    """Two processes at once make one secret: the file appears whole, or is there already."""
    beside = path.with_name(f".{path.name}.{token_hex(8)}")
    try:
        make_folder(path.parent)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            return
        finally:
            beside.unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise InputError("audit-key", path.name, why=os.strerror(error.errno or 0)) from error


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """What an auditor checks signatures with, as a PEM file."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def is_signed(key: Ed25519PublicKey, data: bytes, signature: str) -> bool:
    """Whether the signature (hexadecimal digits) of the data is the key's."""
    try:
        key.verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True
