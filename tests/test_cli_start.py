"""The command line loads nothing heavy before a command runs, and lets no error pass unsaid."""

import subprocess
import sys

import pytest

import cli
from schemas.errors import InputError, OpisError

HEAVY = {
    "numpy",
    "cv2",
    "sqlalchemy",
    "spacy",
    "prefect",
    "fastapi",
    "pikepdf",
    "tantivy",
    "tesserocr",
    "pyarrow",
    "lxml",
    "rich",
    "elasticsearch",
    "flows",
}
STATUS_HEAVY = HEAVY - {"sqlalchemy", "flows"}


def loaded(code):
    """Top-level names of the modules that a piece of code leaves loaded."""
    told = f"import sys\n{code}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd="/"
    )
    return set(done.stdout.split())


def test_the_command_line_alone_loads_nothing_heavy():
    assert not loaded("import cli") & (HEAVY - {"flows"})


def test_of_the_flows_the_command_line_loads_the_tables_of_commands_only():
    modules = (
        "for n, m in sys.modules.items() if n.startswith('flows') and not hasattr(m, '__path__')"
    )
    names = f"import cli, sys; print(*sorted(n {modules}))"
    done = subprocess.run([sys.executable, "-c", names], capture_output=True, text=True, check=True)
    tables = done.stdout.split()
    assert {"flows.commands.declared", "flows.commands.declaring"} < set(tables)
    assert all(name.rpartition(".")[2].startswith("declar") for name in tables)


def test_status_loads_neither_images_nor_language_nor_servers():
    assert not loaded("import flows.commands.status") & STATUS_HEAVY


def test_scan_batch_itself_leaves_images_and_language_to_its_processes():
    assert not loaded("import flows.commands.scan_batch") & {"cv2", "spacy", "tesserocr", "prefect"}


@pytest.mark.parametrize(
    ("error", "code", "exit_code"),
    [
        (OSError(28, "No space left on device"), "disk-full", 4),
        (OSError(24, "Too many open files"), "too-many-files", 4),
        (PermissionError(13, "Permission denied"), "archive-unusable", 4),
        (ValueError("text al unui document"), "defect", 1),
        (OSError("cannot identify image"), "defect", 1),
    ],
)
def test_what_nobody_foresaw_is_said_without_its_text(error, code, exit_code):
    told = cli.defect(error)
    assert isinstance(told, OpisError)
    assert (told.code, told.exit_code) == (code, exit_code)
    assert "document" not in str(told.detail)


def test_a_write_that_fails_without_a_name_is_told_of_the_archive(tmp_path):
    settings = cli.Common(archive=tmp_path)
    with pytest.raises(OSError, match="28") as raised, cli._named_after(settings):
        raise OSError(28, "No space left on device")
    assert cli.defect(raised.value).file == str(tmp_path)


def test_the_disk_is_an_input():
    assert isinstance(cli.defect(OSError(28, "x")), InputError)
