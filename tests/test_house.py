"""The house keeps its sizes: short functions, modules of one thought, frozen types."""

import ast
from functools import cache
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
ROOMS = ("schemas", "scanners", "pipeline", "search", "flows", "examples", "benchmarks")
MODULES = [ROOT / "cli.py", *(p for room in ROOMS for p in sorted((ROOT / room).rglob("*.py")))]
MUTABLE_FOR_A_REASON = {
    "Reporter",  # what a terminal shows now
    "Sheet",  # a sample page while it is typeset
    "Planted",  # what was planted in a sample text so far
}


@cache
def _all_nodes():
    """Each class, function and its like of the program, with its module; parsed once."""
    trees = ((path, ast.parse(path.read_text(encoding="utf-8"))) for path in MODULES)
    return [
        (path, node)
        for path, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt)
    ]


def _nodes(kinds):
    return ((path, node) for path, node in _all_nodes() if isinstance(node, kinds))


def test_functions_are_short():
    lengths = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path, node in _nodes((ast.FunctionDef, ast.AsyncFunctionDef))
    }
    assert median(lengths.values()) <= 8
    assert [name for name, lines in lengths.items() if lines > 60] == []
    assert sum(lines > 30 for lines in lengths.values()) <= 0.05 * len(lengths)


def test_modules_are_short():
    lines = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES}
    assert [str(path) for path, count in lines.items() if count > 400] == []


def test_dataclasses_are_frozen():
    loose = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path, node in _nodes(ast.ClassDef)
        for decorator in node.decorator_list
        if "dataclass" in ast.unparse(decorator)
        and "frozen=True" not in ast.unparse(decorator)
        and node.name not in MUTABLE_FOR_A_REASON
    ]
    assert loose == []


def test_commands_are_at_most_ten_statements():
    tree = ast.parse((ROOT / "cli.py").read_text(encoding="utf-8"))
    commands = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any("command" in ast.unparse(d) for d in node.decorator_list)
    ]
    assert len(commands) > 10
    assert [c.name for c in commands if len(c.body) > 10] == []


def test_no_import_inside_a_function():
    inside = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path, node in _nodes((ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert inside == []
