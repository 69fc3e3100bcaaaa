#!/usr/bin/env python3
"""Shows where the best hit of a search lives in an archive, and saves its page with the hit marked.

Usage: demo_places.py ARCHIVE QUERY PICTURE
"""

import json
import subprocess
import sys
from pathlib import Path

from flows.pool import Pool
from flows.serving import page_pictures
from schemas.settings import load_settings
from search.backend import open_backend

OPIS = str(Path(sys.executable).parent / "opis")

PLACES = """
Pagina găsită: {unit}, documentul {number}, pagina {document_page}

  PDF/A                       {pdf}
  fișa unității (record.json) {record}
  pagina cu cuvintele marcate {picture}

Încercați mai departe:
  .venv/bin/opis search "hotararile" --archive {archive}     orice formă, cu sau fără diacritice
  .venv/bin/opis show {unit} --archive {archive}     fișa, câmp cu câmp
  .venv/bin/opis status --archive {archive}     unde este fiecare pagină
  .venv/bin/opis serve --init --archive {archive}     pagina de căutare, în navigator: publicul vede
      numai copiile publice; --init face administratorul, cu care personalul intră la /personal/intrare
  .venv/bin/opis doctor     ce este instalat și ce lipsește

In English: the lines above are the PDF/A, the unit's record, and the page image with the words found
marked; then what to try next (`serve --init` makes the administrator and tells the password with which staff
sign in at /personal/intrare). OPIS_INTERFACE_LANGUAGE=en makes opis itself speak English.
"""


def best_hit(archive: str, query: str) -> dict:
    """The first hit of `opis search --json`."""
    command = [OPIS, "search", query, "--archive", archive, "--limit", "1", "--json"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    if not found["hits"]:
        raise SystemExit(f"demo: „{query}” was not found in the sample binders; that is a defect")
    return found["hits"][0]


def save_picture(archive: str, query: str, hit: dict, picture: Path) -> None:
    """The hit's page as staff see it, words marked."""
    settings = load_settings({"archive": archive})
    page = f"{hit['document']}.{hit['document_page']}"
    with Pool(settings, workers=1) as pool:
        drawn = page_pictures(settings, pool, open_backend(settings))(page, query)
    picture.write_bytes(drawn.data)


def main(archive: str, query: str, picture: Path) -> None:
    """Save the picture and print the places."""
    hit = best_hit(archive, query)
    save_picture(archive, query, hit, picture)
    (unit,) = Path(archive).glob(f"units/*/{hit['unit']}")
    record = unit / "metadata/record.json"
    (document,) = [
        document
        for document in json.loads(record.read_text(encoding="utf-8"))["documents"]
        if document["id"] == hit["document"]
    ]
    sys.stdout.write(
        PLACES.format(
            **{**hit, "number": document["number"]},
            pdf=unit / document["pdf"],
            record=record,
            picture=picture,
            archive=archive,
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
