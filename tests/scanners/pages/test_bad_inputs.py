"""Every hostile or broken file of the corpus, each in a process with the limits of the product."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.messages import table

LOOK = """
import json, os, resource, signal, sys
from pathlib import Path
from scanners.pages.decode import decode_page
from scanners.pages.probe import probe_file
from scanners.sources import find_binders
from schemas.errors import PageFailedError, RefusedError
from schemas.settings import Settings

def look(path, settings):
    plan = find_binders([path], settings)
    if plan.refused:
        return ["refused", plan.refused[0].code, 0]
    file = plan.binders[0].files[0]
    try:
        frames = probe_file(file.path, file.kind, settings).frames
    except RefusedError as error:
        return ["refused", error.code, 0]
    failed = 0
    for frame in range(min(frames, 5)):
        try:
            decode_page(file.path, file.kind, frame, settings)
        except PageFailedError:
            failed += 1
    return ["taken", frames, failed]

for name in sys.argv[1:]:
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (1900 << 20,) * 2)
        signal.alarm(60)
        print(json.dumps([name, look(Path(name), Settings())]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""

NEVER_TAKEN = {
    "20K-gray.png": "too-many-pixels",
    "password-is-test.pdf": "pdf-password",
    "javascript.pdf": "pdf-active",
    "fileAttachment_fileAttachmentAnnotation.pdf": "pdf-active",
    "attachment.pdf": "pdf-active",
    "invalid.pdf": "pdf-damaged",
    "truncated_image.png": "truncated",
    "broken.png": "image-damaged-file",
    "decompression_bomb.gif": "unsupported-type",
    "README.md": "unsupported-type",
}
ALWAYS_TAKEN = {
    "bad34.pdf",
    "badlin1.pdf",
    "duplicate-pages.pdf",
    "encryption_noprinting.pdf",
    "externalLink.pdf",
    "invalid_pdf.pdf",
    "issue-202.pdf",
    "multipage_multiple_frame_loop.tiff",
    "pdf-17-header18.pdf",
    "scan-bad.pdf",
    "testPDF_bad_page_303226.pdf",
    "text_only_pdfa1b.pdf",
    "zero-offset.pdf",
}


def outcomes(paths):
    """What became of each file, each in a process of its own; a crash or a hang leaves none."""
    command = [sys.executable, "-W", "ignore", "-c", LOOK, *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))


@pytest.mark.corpus
@pytest.mark.timeout(1200)
def test_each_file_is_taken_or_refused_with_a_reason(shared_data):
    reasons = set(table("ro")["reason"])
    files = sorted(p for p in (shared_data / "bad_inputs").rglob("*") if p.is_file())
    told_of = outcomes(files)
    assert set(told_of) == {str(path) for path in files}
    found = {Path(name).name: told for name, told in told_of.items()}
    codes = {name: told[1] for name, told in found.items() if told[0] == "refused"}
    assert set(codes.values()) <= reasons
    assert {name: codes.get(name) for name in NEVER_TAKEN} == NEVER_TAKEN
    assert set(codes) & ALWAYS_TAKEN == set()
    wholly_failed = {
        n for n, told in found.items() if told[0] == "taken" and 0 < told[1] == told[2]
    }
    assert wholly_failed == set()
