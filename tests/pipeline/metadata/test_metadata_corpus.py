"""Real papers: scans, born-digital forms and six years of council decisions' titles."""

import csv
import json

import pytest

from pipeline.metadata.documenttext import read_document
from pipeline.metadata.extraction import extract
from pipeline.metadata.record.description import describe
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

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


SURE = 0.8
NO_SUCH = {"number", "date", "nr_inreg", "data_inreg", "issuer"}
"""Fields that blank forms and information sheets do not have."""
BLANK = ("rastolita_*.gt.txt", "rastolita_*.textlayer.txt")


def described(path):
    pages = [
        PageText(
            Size(2480, 3508),
            300,
            (
                Block(
                    tuple(
                        Line(tuple(Word(w, Box(0, 0, 9, 9), 0.96) for w in line.split()))
                        for line in text.split("\n")
                        if line.strip()
                    )
                ),
            ),
        )
        for text in path.read_text(encoding="utf-8").split("\f")
        if text.strip()
    ]
    return describe(read_document(pages), 1).fields


def test_nothing_sure_is_told_of_what_blank_forms_do_not_have(shared_data):
    papers = [p for some in BLANK for p in sorted(shared_data.glob(f"ro_*/{some}"))]
    assert len(papers) >= 10
    for paper in papers:
        sure = {name for name, value in described(paper).items() if value.confidence >= SURE}
        assert not sure & NO_SUCH, paper.name


def test_the_scanned_announcement_is_right_or_left_to_a_person(shared_data):
    truth = json.loads((shared_data / "ro_scans" / "metadata_gt.json").read_text(encoding="utf-8"))
    known = truth["coseiu_anunt_cadastru_scan.pdf"]
    said = described(shared_data / "ro_scans" / "coseiu_anunt_cadastru_scan.p1.gt.txt")
    assert said["type"].value == known["doc_type"]
    assert said["subject"].value in known["title"]
    right = known["issuer"].startswith(said["issuer"].value)
    assert right or said["issuer"].confidence < SURE
