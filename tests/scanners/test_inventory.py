"""Lists of an inventory, in every dress that offices give them; hostile ones are bounded."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from scanners import tables
from scanners.inventory import read_inventory
from schemas.errors import InputError
from schemas.inventory import UnitName

EXPECTED = (
    UnitName("Primăria Sectorului 6", "3/1998", "345/2016", "2016"),
    UnitName("Primăria Sectorului 6", "3/1998", "346/2016", "2015-2016"),
)
ROWS = (
    ("Primăria Sectorului 6", "3/1998", "345/2016", "2016", "198", "Ședințe; hotărâri"),
    ("Primăria Sectorului 6", "3/1998", "346/2016", "2015-2016", "12", "Autorizații"),
)
HEADS = {
    "diacritics": ("Fond", "Inventar", "Cotă", "An", "Nr. file", "Titlu"),
    "cedillas": ("FOND", "Nr. inventar", "Cota", "Anii extremi", "Numărul filelor", "Conţinutul"),
    "bare": ("fondul arhivistic", "inventarul", "cota", "datele extreme", "file", "denumirea"),
    "english": ("Fonds", "Inventory", "Reference code", "Year", "Leaves", "Title"),
}


def delimited(rows, delimiter):
    def cell(text):
        return f'"{text}"' if delimiter in text or ";" in text else text

    return "".join(delimiter.join(map(cell, row)) + "\r\n" for row in rows)


def made(tmp_path, content, name="lista.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def workbook(tmp_path, *sheets):
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    path = tmp_path / "lista.xlsx"
    book.save(path)
    return path


def codes(inventory):
    return [(problem.row, problem.code) for problem in inventory.problems]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_every_dress_of_a_csv(tmp_path, head, delimiter, encoding):
    text = delimited((HEADS[head], *ROWS), delimiter)
    if encoding == "cp1250":
        text = text.translate(str.maketrans("șțȘȚ", "şţŞŢ"))
    found = read_inventory(made(tmp_path, text.encode(encoding)))
    assert tuple(unit.name for unit in found.units) == EXPECTED
    assert [unit.leaves for unit in found.units] == [198, 12]
    assert found.units[0].title == "Ședințe; hotărâri"
    assert [unit.row for unit in found.units] == [2, 3]
    assert found.problems == ()


def test_a_text_over_several_lines_is_one_cell(tmp_path):
    text = 'cota;titlu;file\n1;"două\nrânduri";7\n2;"x" y;8\n'
    found = read_inventory(made(tmp_path, text.encode()))
    assert [(u.row, u.title, u.leaves) for u in found.units] == [
        (2, "două rânduri", 7),
        (4, "x y", 8),
    ]


@given(st.permutations(range(6)))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_columns_stand_in_any_order(tmp_path, order):
    rows = [tuple(row[at] for at in order) for row in (HEADS["diacritics"], *ROWS)]
    found = read_inventory(made(tmp_path, delimited(rows, ";").encode()))
    assert tuple(unit.name for unit in found.units) == EXPECTED


def test_a_printed_form_with_titles_above_and_numbered_columns(tmp_path):
    text = (
        "PRIMĂRIA;;;\nInventar pe anul 1990;;;\n"
        "Nr. crt.;Conținutul pe scurt al dosarului;Datele extreme;Nr. file\n"
        "0;1;2;3\n1;Procese-verbale;12.01.1990 - 3.02.1991;45\n2;Cereri;1990-92;7 f.\n"
    )
    found = read_inventory(made(tmp_path, text.encode()), "Primăria", "3")
    assert [unit.name for unit in found.units] == [
        UnitName("Primăria", "3", "1", "1990-1991"),
        UnitName("Primăria", "3", "2", "1990-1992"),
    ]
    assert [unit.leaves for unit in found.units] == [45, 7]


def test_years_that_would_run_backwards_are_asked_for_again(tmp_path):
    found = read_inventory(made(tmp_path, b"cota;an\n1;1999-01\n2;1998/99\n3;1999-2001\n"))
    assert [unit.name.an for unit in found.units] == ["1998-1999", "1999-2001"]
    assert codes(found) == [(2, "row-year")]


def test_rows_that_cannot_be_used_are_named_and_the_others_go_on(tmp_path):
    text = (
        "cota;an;file;titlu\n1;1990;10;a\n;1990;10;fără cotă\n2;anul;10;b\n3;1990;zece;c\n"
        "1;1990;11;din nou\n4;1990;10;d\n#REF!;1990;1;e\n" + "5" * 61 + ";1990;1;f\n"
        '6;1990;3;"neînchis\n7;1990;3;g\n'
    )
    found = read_inventory(made(tmp_path, text.encode()))
    assert [unit.name.cota for unit in found.units] == ["1", "4", "7"]
    assert codes(found) == [
        (3, "row-no-cota"),
        (4, "row-year"),
        (5, "row-leaves"),
        (6, "row-double"),
        (8, "row-formula"),
        (9, "row-too-long"),
        (10, "row-quotes"),
    ]
    assert found.problems[1].column == "an"
    assert found.rows == len(found.units) + len(found.problems) == 10


def test_a_workbook(tmp_path):
    day = dt.datetime(1990, 1, 1)  # noqa: DTZ001 as a spreadsheet has it
    path = workbook(
        tmp_path,
        (HEADS["diacritics"], ("P", 3, "1/1990", 1990, 100.0, None), ("P", 3, day, 1990, 1, "")),
        (("altceva", "aici"),),
        (HEADS["english"], ("P", None, 7, "1991", "12", "x")),
    )
    found = read_inventory(path)
    assert [unit.name for unit in found.units] == [
        UnitName("P", "3", "1/1990", "1990"),
        UnitName("P", "", "7", "1991"),
    ]
    assert found.units[0].leaves == 100
    assert codes(found) == [(3, "row-date"), (1, "row-no-headings")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "list-columns"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "list-unreadable"),
        (b"PK\x03\x04" + bytes(100), "list-unreadable"),
        (b"a;b\n1;2\n", "list-columns"),
        (b"cota;an\n", "list-empty"),
        (b"cota;an\n" + b"\n" * 400_000, "list-too-large"),
        (b"cota\n" + b"1\n" * (tables.MOST_ROWS + 1), "list-too-large"),
        (b"\x81\x83\x88\x00", "list-unreadable"),
    ],
)
def test_files_that_are_no_lists(tmp_path, content, code):
    with pytest.raises(InputError) as caught:
        read_inventory(made(tmp_path, content))
    assert caught.value.code == code


@pytest.mark.parametrize("more", ["x\n" * 200, "x" * 200_000 + "\n"])
def test_a_quote_that_is_never_closed_costs_its_own_row(tmp_path, more):
    text = 'cota;titlu\n1;a\n2;"' + more + "3;c\n"
    found = read_inventory(made(tmp_path, text.encode()))
    assert {"1", "3"} <= {unit.name.cota for unit in found.units}
    assert codes(found)[0] == (3, "row-quotes")
    assert "2" not in {unit.name.cota for unit in found.units}


def test_links_and_fifos_are_not_followed(tmp_path):
    target = made(tmp_path, b"cota;an\n1;1990\n")
    (tmp_path / "link.csv").symlink_to(target)
    for path in (tmp_path / "link.csv", tmp_path / "nu-este.csv", tmp_path):
        with pytest.raises(InputError) as caught:
            read_inventory(path)
        assert caught.value.code == "source-missing"


@given(st.binary(max_size=400), st.sampled_from((b"", b"PK\x03\x04", b"cota;an\n", b"\xff\xfe")))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_list_or_a_named_error(tmp_path, content, begin):
    try:
        found = read_inventory(made(tmp_path, begin + content))
    except InputError as error:
        assert error.code.startswith("list-")  # noqa: PT017 either end is right
    else:
        assert found.rows == len(found.units) + len(found.problems)


def zipped(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def replaced(path, name, change):
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    return zipped({**parts, name: change(parts[name])})


def test_a_workbook_that_unpacks_to_gigabytes(tmp_path):
    bomb = zipped({"[Content_Types].xml": b"x", "xl/worksheets/sheet1.xml": bytes(130 << 20)})
    assert len(bomb) < 1 << 20
    with pytest.raises(InputError) as caught:
        read_inventory(made(tmp_path, bomb, "bombă.xlsx"))
    assert caught.value.code == "list-too-large"


def test_entities_that_multiply_end_in_a_named_error(tmp_path):
    path = workbook(tmp_path, (HEADS["diacritics"], ROWS[0]))
    entities = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "zzzzzzzzzz">'
        for n in range(12)
    )
    head = f"<?xml version='1.0'?><!DOCTYPE x [{entities}]>".encode()

    def change(xml):
        return head + xml.replace(b"Sectorului", b"&a11;")

    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xml")]
    assert len(names) > 4
    for name in names:
        hostile = made(tmp_path, replaced(path, name, change), "ostil.xlsx")
        try:
            found = read_inventory(hostile)
        except InputError as error:
            assert error.code in {"list-unreadable", "list-too-large"}  # noqa: PT017 as above
        else:
            assert all(len(unit.name.fond) < 1000 for unit in found.units)


def test_one_far_cell_does_not_make_a_million_rows(tmp_path):
    book = Workbook()
    book.active.append(HEADS["diacritics"])
    book.active.append(ROWS[0])
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "rar.xlsx")
    found = read_inventory(tmp_path / "rar.xlsx")
    assert len(found.units) == 1
    assert codes(found) == [(1_048_576, "row-too-long")]
