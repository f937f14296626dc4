"""The rules of the house: who may import whom, how long things grow, what may never stand in the tree."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
BROAD = ("Exception", "BaseException")
CLOCK = r"\b(date\.today|datetime\.now|datetime\.today|utcnow)\("
PACKAGES = ("connectors", "metrics", "dashboard")
FILES = sorted(path for package in PACKAGES for path in (HOUSE / package).rglob("*.py"))
TRACKED = subprocess.run(["git", "ls-files"], cwd=HOUSE, capture_output=True, text=True, check=False).stdout.split()

MAY_IMPORT = [
    ("connectors/errors.py", ()),
    ("connectors/columns.py", ()),
    ("connectors/facts/", ("connectors.facts", "connectors.columns")),
    ("connectors/tables.py", ("connectors.facts", "connectors.columns", "connectors.errors")),
    ("connectors/mending.py", ("connectors.errors",)),
    ("connectors/reply.py", ("connectors.errors", "connectors.mending")),
    ("connectors/paging.py", ("connectors.errors", "connectors.reply")),
    ("connectors/credentials.py", ("connectors.errors", "connectors.reply")),
    ("connectors/pace.py", ("connectors.errors",)),
    ("connectors/asking.py", ("connectors.errors", "connectors.reply")),
    (
        "connectors/http.py",
        (
            *("connectors.errors", "connectors.reply", "connectors.paging", "connectors.pace"),
            *("connectors.credentials", "connectors.asking"),
        ),
    ),
    ("connectors/source.py", ("connectors.errors", "connectors.tables", "connectors.http")),
    ("connectors/company/", ("connectors.company", "connectors.tables")),
    (
        "connectors/sources/",
        (
            "connectors.source",
            "connectors.http",
            "connectors.tables",
            "connectors.errors",
            "connectors.mapping",
            "connectors.company",
            "connectors.web",
            "connectors.survey",
            "connectors.vendors",
            "connectors.directory",
            "connectors.fields",
            "connectors.shape",
            "connectors.keyset",
            "connectors.holes",
            "connectors.rows",
        ),
    ),
    ("connectors/store/", ("connectors.store", "connectors.tables", "connectors.errors")),
    ("connectors/", ("connectors",)),
    ("metrics/", ("metrics", "connectors.tables")),
    ("dashboard/views/", ("metrics", "connectors.store.memory", "dashboard")),
    ("dashboard/app.py", ("metrics", "connectors.store.memory", "dashboard")),
    ("dashboard/charts", ("metrics", "connectors.store.memory", "dashboard")),
    ("dashboard/access.py", ("metrics", "connectors.store.memory", "dashboard")),
    ("dashboard/exports/", ("metrics", "connectors.store.memory", "dashboard")),
    ("dashboard/", ("metrics", "connectors", "dashboard")),
]
OWNED = {
    "altair": ("dashboard/charts",),
    "streamlit": ("dashboard/app.py", "dashboard/views/", "dashboard/access.py", "dashboard/charts"),
    "sqlalchemy": ("connectors/store/", "connectors/sources/sql.py"),
    "deltalake": ("connectors/store/",),
    "cryptography": ("connectors/identity/sealed.py",),
    "ldap3": ("connectors/vendors/entries.py",),
    "httpx2": ("connectors/http.py", "connectors/asking.py", "dashboard/posting.py"),
    "apscheduler": ("dashboard/clockwork.py",),
    "apprise": ("dashboard/exports/elsewhere.py",),
    "typst": ("dashboard/exports/paper.py",),
    "obstore": ("dashboard/exports/places.py",),
}
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|base|core|manager|service|handler|processor)($|_)")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def relative(path):
    return path.relative_to(HOUSE).as_posix()


def within(name, allowed):
    return any(name == one or name.startswith(one + ".") or one.startswith(name + ".") for one in allowed)


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_file_imports_only_what_it_may(path):
    allowed = next(may for prefix, may in MAY_IMPORT if relative(path).startswith(prefix) or relative(path) == prefix)
    ours = {name for name in imports(path) if name.split(".")[0] in PACKAGES}
    assert not {name for name in ours if not within(name, allowed)}


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_library_is_used_only_by_the_file_that_owns_it(path):
    found = {name.split(".")[0] for name in imports(path)}
    for library, owners in OWNED.items():
        assert library not in found or relative(path).startswith(owners), f"{relative(path)} uses {library}"


@pytest.mark.parametrize("path", [p for p in FILES if relative(p).startswith("connectors/sources/")], ids=relative)
def test_a_source_imports_no_other_source(path):
    others = {name for name in imports(path) if name.startswith("connectors.sources.")}
    assert not others


def reached(paths):
    """These files of ours and all that they import, and so on."""
    known, todo = set(), list(paths)
    while todo:
        path = todo.pop()
        if path not in known:
            known.add(path)
            places = [HOUSE / name.replace(".", "/") for name in imports(path) if name.split(".")[0] in PACKAGES]
            todo += [file for at in places for file in (at.with_suffix(".py"), at / "__init__.py") if file.exists()]
    return {relative(path) for path in known}


def test_what_serves_the_dashboard_never_opens_the_sealed_names():
    screen = (
        "dashboard/app.py",
        "dashboard/views/",
        "dashboard/charts",
        "dashboard/access.py",
        "dashboard/exports/",
    )
    seen = reached(path for path in FILES if relative(path).startswith(screen))
    assert "connectors/store/memory.py" in seen
    assert not seen & {"connectors/identity/sealed.py", "dashboard/whois.py", "dashboard/people.py"}


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_file_opens_with_a_sentence_and_stays_under_three_hundred_lines(path):
    body = path.read_text()
    opening = ast.get_docstring(ast.parse(body)) or ""
    assert re.match(r"[A-Z].*[.:]", opening.split("\n\n")[0].replace("\n", " ")), "the first line says what the file is"
    assert len(body.splitlines()) <= 300


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_function_stays_under_forty_lines(path):
    functions = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))
    assert not [f.name for f in functions if f.end_lineno - f.lineno >= 40]


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_file_is_named_after_what_is_in_it(path):
    assert not BANNED_NAMES.search(path.stem)


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_errors_are_caught_by_name(path):
    handlers = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ExceptHandler)]
    broad = [h.lineno for h in handlers if h.type is None or getattr(h.type, "id", "") in BROAD]
    allowed = 1 if relative(path) == "connectors/sync.py" else 0
    assert len(broad) <= allowed, f"lines {broad}"


def test_metrics_touch_neither_network_nor_disk_nor_clock():
    banned = ("httpx2", "requests", "sqlalchemy", "deltalake", "socket", "pathlib", "os", "time", "streamlit", "altair")
    for path in (p for p in FILES if relative(p).startswith("metrics/") and p.name != "indicator.py"):
        assert not {name.split(".")[0] for name in imports(path)} & set(banned), relative(path)
        assert not re.search(CLOCK, path.read_text()), relative(path)


@pytest.mark.parametrize("name", [n for n in TRACKED if not n.endswith((".png", ".xlsx", ".parquet", ".zip", ".gz"))])
def test_nothing_of_one_machine_or_one_registry_is_in_the_tree(name):
    path = HOUSE / name
    if not path.exists() or name == "tests/test_house.py":
        return
    body = path.read_text(errors="replace")
    for pattern in (r"/work/", r"/root/", r"/home/[a-z]+/", r"pypi\.org", r"pythonhosted", r"registry\.npmjs"):
        assert not re.search(pattern, body), f"{pattern} in {name}"


def test_no_two_test_files_share_a_name_outside_packages():
    """Pytest takes the second for the first and runs neither."""
    alone = [path.name for path in (HOUSE / "tests").rglob("test_*.py") if not (path.parent / "__init__.py").exists()]
    assert sorted(name for name in set(alone) if alone.count(name) > 1) == []


def test_the_lock_files_carry_hashes_and_no_addresses():
    for name in ("requirements.lock", "requirements-dev.lock"):
        body = (HOUSE / name).read_text()
        pins = re.findall(r"^[a-z0-9][^=\s]*==[^\s]+", body, re.M)
        assert len(pins) > 20
        assert body.count("--hash=sha256:") >= len(pins)
        assert not re.search(r"https?://|--index|--find-links|--extra", body)


def test_every_command_the_readme_names_exists():
    targets = set(re.findall(r"^([a-z]+):", (HOUSE / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`make ([a-z]+)`", (HOUSE / "README.md").read_text())) <= targets
