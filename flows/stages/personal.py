"""Personal data on its way from the process that found it to metadata/personal.json.

It travels beside the pictures, by its hash; the ledger and the log never hold a value.
"""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256

import msgspec

from pipeline.units import write_unit_file
from schemas.durable import write_bytes_durably
from schemas.errors import InputError
from schemas.layout import UnitLayout
from schemas.privacy import PersonalData

PERSONAL_VERSION = 9
"""Raised when more or other personal data would be found in the same documents than before."""


def _encoded(found: PersonalData) -> tuple[bytes, str]:
    data = msgspec.json.encode(found, order="sorted")
    return data, sha256(data).hexdigest()


def put_by(unit: UnitLayout, found: PersonalData) -> str:
    """Keep what was found in a document until its unit is published; its hash."""
    data, digest = _encoded(found)
    write_bytes_durably(unit.work / f"{digest}.personal", data)
    return digest


def read_personal(layout: UnitLayout) -> dict[str, PersonalData]:
    """What was found in each document of a unit, by its id; raises InputError unit-damaged."""
    try:
        return msgspec.json.decode(layout.personal.read_bytes(), type=dict[str, PersonalData])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError("unit-damaged", layout.id, why="personal.json") from error


def write_personal(found: Mapping[str, PersonalData], layout: UnitLayout) -> None:
    """metadata/personal.json, complete or not at all."""
    write_unit_file(layout.personal, msgspec.json.encode(found, order="sorted"), layout)


def kept(unit: UnitLayout, digest: str) -> PersonalData | None:
    """What has this hash, put by or published; None where it is neither."""
    if not digest:
        return None
    with suppress(OSError, ValueError):
        data = (unit.work / f"{digest}.personal").read_bytes()
        if sha256(data).hexdigest() == digest:
            return msgspec.json.decode(data, type=PersonalData)
    with suppress(InputError):
        for found in read_personal(unit).values():
            if _encoded(found)[1] == digest:
                return found
    return None
