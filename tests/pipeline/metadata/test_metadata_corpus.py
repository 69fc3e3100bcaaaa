"""Real papers: scans, born-digital forms and six years of council decisions' titles."""

import csv

import pytest

from pipeline.metadata.extraction import extract

pytestmark = pytest.mark.corpus


def decisions(shared_data):
    path = shared_data / "ro_text" / "floresti_stoenesti_hcl_titles_2010-2016.tsv"
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row, extract(row["title"])[0]) for row in rows]


def test_council_decisions(shared_data):
    read = [(r, f) for r, f in decisions(shared_data) if r["title"].startswith("HOT")]
    assert len(read) > 300
    assert all(fields["type"] == "hotărâre" for _, fields in read)
    assert all(fields["number"] == row["number"] for row, fields in read)
    assert all(fields["date"] is None for _, fields in read), "a cited act's date was taken"
    assert sum(bool(fields["subject"]) for _, fields in read) >= 0.99 * len(read)


def test_minutes_of_the_council(shared_data):
    read = [(r, f) for r, f in decisions(shared_data) if r["title"].lower().startswith("proces")]
    assert len(read) > 40
    assert all(fields["type"] == "proces-verbal" for _, fields in read)
    assert sum(fields["date"] is not None for _, fields in read) >= 0.95 * len(read)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "ro_scans/coseiu_anunt_cadastru_scan.p1.gt.txt",
            {
                "type": "anunț",
                "date": None,
                "number": None,
                "subject": "afișarea publică a documentelor tehnice ale cadastrului",
            },
        ),
        ("ro_scans/rastolita_eliberarea_certificatelor_scan.p1.gt.txt", {"type": "necunoscut"}),
        ("ro_scans/rastolita_inregistrarea_casatorie_scan.p1.gt.txt", {"type": "necunoscut"}),
        (
            "ro_borndigital/pociumbauti_decizie_06-04_taxe_signed.textlayer.txt",
            {
                "type": "altul",
                "number": "06/04",
                "date": "2025-12-12",
                "subject": "aprobarea și punerea în aplicare a taxelor locale pentru anul 2026",
            },
        ),
        (
            "ro_borndigital/rastolita_Cerere-emitere-AC.textlayer.txt",
            {"type": "cerere", "number": None, "date": None, "issuer": None},
        ),
        (
            "ro_borndigital/rastolita_Reclamatie_administrativa_1.textlayer.txt",
            {"type": "petiție", "number": None, "date": None},
        ),
        (
            "ro_borndigital/rastolita_Solicitare_adeverinta_-_Registrul_Agricol.textlayer.txt",
            {"type": "cerere", "issuer": None},
        ),
    ],
)
def test_real_papers(shared_data, name, expected):
    fields, _ = extract((shared_data / name).read_text(encoding="utf-8"))
    assert {key: fields[key] for key in expected} == expected
