"""Settings: what is wrong is named at the start, and secrets stay hidden."""

from pathlib import Path

import pytest

from config.settings import SettingsError, load_settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATABASE_URL", "AMI_URL"):
        monkeypatch.delenv(f"CALLFLOOR_{name}", raising=False)


def test_the_defaults_are_valid() -> None:
    settings = load_settings()

    assert (settings.ami_url, settings.web_host) == ("ami://127.0.0.1:5038", "127.0.0.1")


def test_environment_wins_over_file_wins_over_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[web]\nport = 9000\nhost = "127.0.0.2"\n')
    monkeypatch.setenv("CALLFLOOR_WEB_PORT", "9001")

    settings = load_settings(file)

    assert (settings.web_host, settings.web_port) == ("127.0.0.2", 9001)


def test_the_file_can_be_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[web]\nport = 9000\n")
    monkeypatch.setenv("CALLFLOOR_CONFIG", str(file))

    assert load_settings().web_port == 9000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[web]\nprot = 1\n", r"mine.toml: unknown key web.prot; did you mean web.port\?"),
        ("port = 1\n", r"'port' stands outside of a \[section\]"),
        ("[web\n", "is not valid TOML"),
        ("[web]\nport = 70000\n", r"web.port = 70000: .*less than or equal to 65535"),
        ('[ami]\nurl = "http://x"\n', r"ami.url = 'http://x'"),
        ('[log]\nlevel = "loud"\n', "log.level = 'loud': .*'debug'"),
        (
            '[ami.others.beijing]\nurl = "ami://b"\n',
            "ami.others.beijing.reader_secret = .hidden.: ",
        ),
        (
            '[ami.others.b]\nurl = "b"\nreader_secret = "x"\nactor_secret = "x"\n',
            "ami.others.b.url = 'b': ",
        ),
        (
            '[ami.others.b]\nurl = "ami://b"\nreader_secret = "x"\nactor_secret = "x"\n'
            'trunks = ["a b"]\n',
            "ami.others.b.trunks.0 = 'a b': ",
        ),
        (
            '[ami.others.b]\nurl = "ami://b"\nreader_secret = "x"\nactor_secret = "x"\n'
            'trunks = ["t-1"]\n'
            '[ami.others.c]\nurl = "ami://c"\nreader_secret = "x"\nactor_secret = "x"\n'
            'trunks = ["t-1"]\n',
            "ami.others = .hidden.: should name each trunk at one Asterisk: t-1 is at two",
        ),
        ("[ami.others]\nbeijing = 1\n", "ami.others.beijing = 1: "),
        ('[ami]\nurl = "ami://pbx:70000"\n', "ami.url = 'ami://pbx:70000': .*from 1 to 65535"),
        ('[ami]\nreader = "a\\r\\nAction: x"\n', "ami.reader = .*one line of text"),
        ('[ami]\nactor_secret = "a\\u0000b"\n', "ami.actor_secret = .hidden.: .*one line of"),
        (
            '[ami.others.b]\nurl = "ami://b"\nreader = "a\\nb"\n'
            'reader_secret = "x"\nactor_secret = "x"\n',
            "ami.others.b.reader = .*one line of text",
        ),
        ('[asterisk]\ncel_ledger = "a\\u0000b"\n', "asterisk.cel_ledger = .*one line of text"),
        ('[asterisk]\ntime_zone = "Mars"\n', "time_zone = 'Mars': .*Asia/Shanghai"),
    ],
)
def test_a_bad_file_is_refused_naming_the_key(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)

    with pytest.raises(SettingsError, match=message):
        load_settings(file)


def test_a_file_of_brackets_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[web]\nport = " + "[" * 5000)

    with pytest.raises(SettingsError, match="is not valid TOML: too many brackets"):
        load_settings(file)


def test_a_file_without_an_end_is_refused() -> None:
    with pytest.raises(SettingsError, match="/dev/zero is no file of settings"):
        load_settings(Path("/dev/zero"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot read .*none.toml: No such file"):
        load_settings(tmp_path / "none.toml")


def test_an_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLFLOOR_WEBPORT", "1")

    with pytest.raises(SettingsError, match="did you mean CALLFLOOR_WEB_PORT"):
        load_settings()


def test_a_bad_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLFLOOR_DATABASE_URL", "mysql://user:hunter2@host/db")

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert "hunter2" not in str(caught.value)
    assert "postgresql://" in str(caught.value)


def test_secrets_do_not_show_in_a_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLFLOOR_AMI_READER_SECRET", "hunter2")

    assert "hunter2" not in repr(load_settings())


def test_more_asterisks_have_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        '[ami.others.beijing]\nurl = "amis://b:5039"\nreader_secret = "r1"\nactor_secret = "a1"\n'
    )

    (other,) = load_settings(file).ami_others.values()
    assert (other.url, other.reader, other.reader_secret.get_secret_value()) == (
        "amis://b:5039",
        "callfloor-reader",
        "r1",
    )
    assert "r1" not in repr(other)
    monkeypatch.setenv("CALLFLOOR_AMI_OTHERS", "{not json")
    with pytest.raises(SettingsError, match="should be JSON"):
        load_settings(file)
