"""The table of Romania's settlements that the product reads, from the public SIRUTA register.

python -m pipeline.training.places pipeline/metadata/model/places.npz

Needs sirutalib (BSD-3-Clause, Andrei Cipu), which carries the register of the National Institute
of Statistics; it is not needed at run time. A line a settlement: code, kind (j county, m
municipality, o town, c commune, s sector, v village), code of the unit it belongs to, name.
"""

import argparse
from pathlib import Path

import numpy as np
import sirutalib

COUNTY = 40
KINDS = {COUNTY: "j", 1: "m", 4: "m", 2: "o", 3: "c", 6: "s"}
_SMALL = {"De", "Din", "Cu", "Pe", "La", "Lui", "Cel", "Cea", "Sub", "Al", "A", "Și", "Cei"}


def written(name: str) -> str:
    """A name in capitals as it is written: first letters capital, small words small."""
    parts = [
        "-".join(part.capitalize() for part in word.split("-"))
        for word in name.replace("Ş", "Ș").replace("Ţ", "Ț").split()
    ]
    return " ".join(
        part.lower() if at and part in _SMALL else part for at, part in enumerate(parts)
    )


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    register = sirutalib.SirutaDatabase()
    rows = [
        "\t".join(
            (
                str(code),
                KINDS.get(register.get_type(code), "v"),
                str(register.get_sup_code(code) or 0),
                written(register.get_name(code, prefix=False)),
            )
        )
        for code in sorted(register.get_siruta_list())
    ]
    np.savez_compressed(out, rows=np.frombuffer("\n".join(rows).encode(), np.uint8))
    print(len(rows), out.stat().st_size)


if __name__ == "__main__":
    main()
