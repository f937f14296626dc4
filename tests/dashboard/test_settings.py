"""Settings: what is read, what is refused, and in which words."""

from datetime import date
from pathlib import Path

import pytest

from dashboard.export import kinds as export_kinds
from dashboard.own_scores import goalposts
from dashboard.settings import SettingsError, load_settings


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.delenv("BELLWETHER_SETTINGS", raising=False)

    def write(text):
        path = tmp_path / "settings.toml"
        path.write_text(text)
        return path

    return write


def wrong(path):
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    return str(caught.value)


def test_an_empty_file_is_enough(written):
    settings = load_settings(written(""))
    assert (settings.privacy.minimum, settings.organisation.time_zone, settings.sources) == (8, "UTC", {})


def test_the_example_is_complete_and_loads(monkeypatch):
    monkeypatch.setenv("DESK_DATABASE", "postgresql+psycopg://reader:secret@db.example.org/desk")
    for name in ("MAIL_PASSWORD", "SLACK_WEBHOOK", "TEAMS_WORKFLOW", "MATTERMOST_HOOK", "HOOK_SECRET", "APPRISE_URL"):
        monkeypatch.setenv(name, "secret")
    settings = load_settings(Path(__file__).parents[2] / "settings.example.toml")
    assert {one.kind for one in settings.sources.values()} == {"demo", "files", "sql"}
    assert {one.kind for one in settings.exports.values()} == set(export_kinds())
    text = settings.file.read_text()
    weekly = settings.reports["weekly"]
    for section in (
        settings.organisation,
        settings.store,
        settings.privacy,
        settings.cluster,
        weekly,
        settings.operator,
    ):
        assert [key for key in type(section).model_fields if key not in text] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "[reports.weekly]\nto = ['mial']\n[exports.mail]\nkind = 'mail'",
            "to: no export is called mial; did you mean mail?",
        ),
        (
            "[cluster]\nscheduler = '10.0.0.5:8786'",
            "[cluster] scheduler is no address of a scheduler; write it like tcp://",
        ),
        ("[operator]\nto = ['ops']", "[operator] to: no export is called ops (it has none)"),
        ("[reports.weekly]\nto = []", "[reports.weekly] to"),
        ("[reports.weekly]\nto = ['x']\nwhen = 'Moonday 07:00'", "[reports.weekly] when is no time; write it like"),
        ("[reports.weekly]\nto = ['x']\ncontent = ['gossip']", "[reports.weekly] content"),
        ("[reports.weekly]\nto = ['x']\ntime_zone = 'Europe/Berln'", "did you mean Europe/Berlin?"),
    ],
)
def test_a_report_that_cannot_arrive_is_refused(written, text, words):
    assert words in wrong(written(text))


def test_paths_are_relative_to_the_settings_file(written, tmp_path):
    store = load_settings(written("[store]\nlake = 'facts'\nmemory = 'memory.db'")).store
    assert (store.lake, store.memory) == (f"{tmp_path}/facts", f"sqlite:///{tmp_path}/memory.db")
    assert store.key_file == f"{tmp_path}/bellwether.key"


def test_addresses_of_stores_stay_as_written(written):
    text = "[store]\nlake = 's3://bucket/lake'\nmemory = 'postgresql+psycopg://me@db/bellwether'"
    store = load_settings(written(text)).store
    assert (store.lake, store.memory) == ("s3://bucket/lake", "postgresql+psycopg://me@db/bellwether")


def test_a_relative_sqlite_address_is_read_from_the_settings_folder(written, tmp_path):
    memory = load_settings(written("[store]\nmemory = 'sqlite:///here.db'")).store.memory
    assert memory == f"sqlite:///{tmp_path}/here.db"


def test_the_environment_goes_before_the_file(written, monkeypatch):
    monkeypatch.setenv("BELLWETHER_STORE__MEMORY", "postgresql+psycopg://elsewhere/b")
    monkeypatch.setenv("BELLWETHER_PRIVACY__MINIMUM", "12")
    monkeypatch.setenv("BELLWETHER_SOURCES__DESK__TOKEN", "t0ken")
    settings = load_settings(written("[store]\nmemory = 'here.db'\n[sources.desk]\nkind = 'files'\ntoken = 'old'"))
    assert settings.store.memory == "postgresql+psycopg://elsewhere/b"
    assert settings.privacy.minimum == 12
    assert settings.sources["desk"].options == {"token": "t0ken"}


def test_a_variable_in_a_value_comes_from_the_environment(written, monkeypatch):
    monkeypatch.setenv("CHAT_TOKEN", "abc")
    settings = load_settings(written("[sources.chat]\nkind = 'files'\nheaders = ['Bearer ${CHAT_TOKEN}']"))
    assert settings.sources["chat"].options == {"headers": ["Bearer abc"]}


def test_a_missing_variable_is_named_with_its_place(written, monkeypatch):
    monkeypatch.delenv("CHAT_TOKEN", raising=False)
    found = wrong(written("[sources.chat]\nkind = 'files'\ntoken = '${CHAT_TOKEN}'"))
    assert found == "settings.toml: [sources.chat] token needs the environment variable CHAT_TOKEN, which is not set"


def test_an_unknown_key_is_named_with_the_nearest_one(written):
    found = wrong(written("[organisation]\ntime_zon = 'UTC'"))
    assert found.startswith("settings.toml: [organisation] time_zon is not known; did you mean time_zone?")


def test_an_unknown_section_is_named_with_the_nearest_one(written):
    found = wrong(written("[organization]\nname = 'Acme'"))
    assert found.startswith("settings.toml: [organization] is not known; did you mean organisation?")


def test_an_unknown_environment_override_is_not_silently_ignored(written, monkeypatch):
    monkeypatch.setenv("BELLWETHER_STROE__MEMORY", "x.db")
    assert "BELLWETHER_STROE__MEMORY names no section of the settings; did you mean store?" in wrong(written(""))


def test_an_unknown_key_from_the_environment_is_said_to_come_from_there(written, monkeypatch):
    monkeypatch.setenv("BELLWETHER_STORE__MEMOY", "x.db")
    found = wrong(written(""))
    assert found.startswith("the environment variable BELLWETHER_STORE__MEMOY is not known; did you mean memory?")


@pytest.mark.parametrize("minimum", ["4", "0", "-1", "true", "'few'", "7.5", "''"])
def test_fewer_than_five_people_or_no_number_is_refused(written, minimum):
    assert "[privacy] minimum" in wrong(written(f"[privacy]\nminimum = {minimum}"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[organisation]\ntime_zone = 'Europe/Berln'", "time_zone is no time zone; did you mean Europe/Berlin?"),
        ("[organisation]\nholidays = 'ZZ'", "holidays is no country code"),
        ("[organisation]\nholidays = 'DE-XX'", "holidays names no region of DE; it has BB, BE"),
        ("[organisation]\nlink = 'acme'", "link is no address"),
        ("[organisation]\ntoday = 'soon'", "[organisation] today should be a valid date"),
        ("[sources.chat]\ntoken = 'x'", "[sources.chat] kind is missing"),
        ("[sources.refresh]\nkind = 'demo'", "[sources.refresh] is the name of a command"),
        ("[sources.'My chat']\nkind = 'demo'", "small letters"),
        ("[organisation", "settings.toml is not valid TOML"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(written, text, words):
    assert words in wrong(written(text))


def test_a_missing_file_says_how_to_make_one(tmp_path):
    assert "run `bellwether init`" in wrong(tmp_path / "settings.toml")


def test_the_environment_names_the_file(written, monkeypatch):
    monkeypatch.setenv("BELLWETHER_SETTINGS", str(written("[organisation]\nname = 'Acme'")))
    assert load_settings().organisation.name == "Acme"


def test_secrets_show_neither_in_repr_nor_in_errors(written, monkeypatch):
    monkeypatch.setenv("TOKEN", "canary-7")
    text = "[store]\nmemory = 'postgresql://me:${TOKEN}@db/b'\nlake_options = {secret = '${TOKEN}'}\n"
    text += "[sources.chat]\nkind = 'files'\ntoken = '${TOKEN}'\n[exports.mail]\nkind = 'mail'\npassword = '${TOKEN}'\n"
    settings = load_settings(written(text))
    assert "canary-7" in settings.sources["chat"].options["token"]
    assert "canary-7" not in repr(settings) + str(settings) + repr(settings.sources) + repr(settings.store)
    assert "canary-7" not in wrong(written(text + "[privacy]\nminimum = '${TOKEN}'\n[organisation]\nlink = '${TOKEN}'"))


def test_an_unknown_source_or_kind_is_named_with_the_nearest(written):
    settings = load_settings(written("[sources.desk]\nkind = 'file'"))
    with pytest.raises(SettingsError, match=r"no source dsk; did you mean desk\? \(it has desk\)"):
        settings.source("dsk")
    with pytest.raises(SettingsError, match=r"\[sources.desk\] kind file is not known; did you mean files\?"):
        settings.source("desk")


def test_a_source_reads_beside_the_settings_file(written, tmp_path):
    (tmp_path / "pages.csv").write_text("id,made\n1,2026-01-05\n")
    section = (
        "[sources.wiki]\nkind = 'files'\n[sources.wiki.articles]\npath = 'pages.csv'\nconstant = {kind = 'wiki'}\n"
    )
    source = load_settings(written(section + "columns = {article = 'id', created = 'made'}")).source("wiki")
    assert (source.name, source.check().reachable) == ("wiki", True)


def test_a_key_is_read_from_its_file_or_the_environment(written, tmp_path, monkeypatch):
    settings = load_settings(written(""))
    (tmp_path / "bellwether.key").write_text("ab" * 32 + "\n")
    assert settings.key() == b"\xab" * 32
    monkeypatch.setenv("BELLWETHER_KEY", "cd" * 32)
    assert settings.key() == b"\xcd" * 32


@pytest.mark.parametrize(("key", "words"), [("canary", "not hexadecimal"), ("ab", "has 1 bytes"), ("", "has 0 bytes")])
def test_a_poor_key_is_refused_without_being_quoted(written, tmp_path, key, words):
    (tmp_path / "bellwether.key").write_text(key)
    with pytest.raises(SettingsError, match=words) as caught:
        load_settings(written("")).key()
    assert not key or key == "ab" or key not in str(caught.value)


def test_no_key_says_what_to_do(written):
    with pytest.raises(SettingsError, match="run `bellwether init`"):
        load_settings(written("")).key()


def test_holidays_are_those_of_the_country_and_region(written):
    organisation = load_settings(written("[organisation]\nholidays = 'DE-BY'")).organisation
    days = organisation.days_off(date(2026, 1, 1), date(2026, 1, 31))
    assert days == {date(2026, 1, 1), date(2026, 1, 6)}


def test_own_goalposts_are_read_and_make_another_version(tmp_path):
    (tmp_path / "settings.toml").write_text("[scores.climate.psychological_safety]\nlow = 30\nweight = 2\n")
    posts = goalposts(load_settings(tmp_path / "settings.toml").scores)
    part = posts.scores[0].parts[0]
    assert (part.low, part.high, part.weight) == (30, 85, 2)
    assert posts.version.startswith("own ")
    (tmp_path / "settings.toml").write_text("")
    assert goalposts(load_settings(tmp_path / "settings.toml").scores).version == "1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[scores.climat.trust]", "[scores] climat is no score; did you mean climate?"),
        ("[scores.climate.link_rate]", "[scores] climate.link_rate is no part of this score"),
        ("[scores.climate.psychological_safety]\nlow = 90", "climate.psychological_safety counts the wrong way"),
        ("[scores.climate.psychological_safety]\nlow = 'x'", "[scores] climate.psychological_safety.low"),
        ("[scores.climate.psychological_safety]\nlo = 1", "is not known; did you mean low? (known here: low, high"),
        ("[scores.climate.psychological_safety]\nweight = -1", "it must be 0 (left out) or more"),
    ],
)
def test_goalposts_that_cannot_be_are_refused_in_a_sentence(tmp_path, text, words):
    (tmp_path / "settings.toml").write_text(text + "\n")
    with pytest.raises(SettingsError) as error:
        load_settings(tmp_path / "settings.toml")
    assert words in str(error.value)
