"""What a source must bear in its input, as checks that a bad source fails."""

import re

import contract
import polars as pl
from varied import GONE, ODD, replaced, surprised

from connectors.errors import SourceError
from connectors.rules import fit
from connectors.sync import place
from connectors.tables import TABLES

BUG = r"\b[A-Z]\w+ at \w+\.py:\d+"
INSTEAD = {"gone": GONE, "null": None, "of another kind": ODD}


def read(source):
    """The rows of each table, and the errors; only errors that say what to do are allowed."""
    rows, errors = {}, []
    try:
        streams = source.streams()
    except SourceError as error:
        return rows, [str(error)]
    for stream in streams:
        try:
            for name, page in contract.given(stream):
                rows.setdefault(name, []).append(fit(TABLES[name], page))
        except SourceError as error:
            errors.append(str(error))
        except Exception as bug:  # noqa: BLE001 as sync does
            errors.append(f"{type(bug).__name__} at {place(bug.__traceback__)}")
    return {name: pl.concat(pages) for name, pages in rows.items()}, errors


def content(rows):
    """Without when the rows changed: of a file that is when it was written."""
    return {name: sorted(map(str, page.drop("changed").rows())) for name, page in rows.items() if page.height}


def an_empty_input_is_no_failure(varied, into):
    """All lists empty: nothing comes, or it is said what to do."""
    with varied.empty(into) as source:
        rows, errors = read(source)
    assert not [one for one in errors if re.search(BUG, one)], errors
    assert not [name for name, page in rows.items() if page.filter(~pl.col("gone")).height and name != "units"]


def fields_that_nobody_knows_change_nothing(varied, into):
    with varied.changed(dict, into / "plain") as source:
        before, errors = read(source)
    assert not errors, errors
    with varied.changed(surprised, into / "surprised") as source:
        after, errors = read(source)
    assert not errors, errors
    assert content(after) == content(before)


def a_field_may_be(instead, varied, into):
    """Each field in turn: rows may lack it, be refused, or the source has changed; it never breaks, nor quotes.

    Every field is gone once; half of them are null, and the other half of another kind.
    """
    fields, half = varied.fields(into / "fields"), list(INSTEAD).index(instead) - 1
    for n, field in enumerate(fields if instead == "gone" else fields[half::2]):
        with varied.changed(replaced(field, INSTEAD[instead]), into / str(n)) as source:
            _, errors = read(source)
        assert not [one for one in errors if re.search(BUG, one)], f"{field}: {errors}"
        assert not [one for one in errors if "canary" in one.lower()], f"{field}: an error quotes what was said"


def rows_without_a_key_are_told_of(varied, into):
    """Where the field that makes the key is gone its rows come without one, or the source has changed; they go to
    quarantine, and never away in silence."""
    for n, field in enumerate(varied.fields(into / "fields")):
        with varied.changed(replaced(field, None), into / str(n)) as source:
            rows, _errors = read(source)
            keyless = [name for name, page in rows.items() if page.height and lacking(name, page)]
            if not keyless:
                continue
            rehearsal = contract.Rehearsal(source, into / "store").sync()
        refused = rehearsal.memory.refused()
        told = rehearsal.memory.runs()["state"].is_in(["refused", "changed"]).any()
        assert told or set(keyless) & set(refused["table"]), f"{field}: rows of {keyless} are nowhere"
        return
    assert not varied.recorded and errors_for_each(varied, into), (
        "no field makes a key, or rows without one go away in silence"
    )


def lacking(name, page):
    live = page.filter(~pl.col("gone"), pl.col("refused").is_null())
    keys = [one for one in TABLES[name].key if one not in ("source", "valid_from")]
    return live.select(pl.any_horizontal(pl.col(keys).is_null()).any()).item()


def errors_for_each(varied, into):
    """Whether a field that is gone from all rows is missed by name."""
    for n, field in enumerate(varied.fields(into / "fields")):
        with varied.changed(replaced(field, GONE), into / f"gone-{n}") as source:
            if read(source)[1]:
                return True
    return False


def a_secret_shows_nowhere(varied, into, log):
    """Neither in what a source says of itself, nor in its errors when it is refused."""
    said = ""
    if varied.recorded:
        refusing = [{"status": 401, "body": {"error": "no"}}]
        with varied.answering(lambda told: [{**one, **refusing[0]} for one in told], into) as source:
            said = repr(source) + str(source.streams and read(source)[1]) + str(source.check())
    with varied.changed(dict, into) as source:
        said += repr(source) + repr(source.streams()) + str(source.check())
    assert "canary" not in (said + log()).lower(), "a secret is shown"
