"""Settings: `default.toml` < the file of --config or CALLFLOOR_CONFIG < CALLFLOOR_* variables.

An unknown key or a bad value is refused at the start, naming key, value and what would be right.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableEnvironment

PREFIX = "CALLFLOOR_"
DEFAULT_FILE = Path(__file__).with_name("default.toml")
_NO_SETTINGS = ("CONFIG", "CACHE", "LAB_", "TEST_", "SCREENSHOT", "DEMO_")
"""Variables with our prefix that steer scripts and tests; they are no settings."""


class SettingsError(ValueError):
    """A setting cannot be used; the message names key, value and what would be right."""


_AMI_URL = r"^amis?://[^/@\s:]+(:\d{1,5})?/?$"
_LONGEST_FILE_BYTES = 1_000_000
"""A file of settings has some hundred; what has more is the wrong file, or has no end."""
_CONTROL = frozenset(map(chr, (*range(32), 127)))
_HIGHEST_PORT = 65_535


def _one_line(value: object) -> object:
    """Refuse control characters: a value may become a header of AMI, a file name or a log line."""
    if isinstance(value, str) and not _CONTROL.isdisjoint(value):
        raise ValueError("should be one line of text, without control characters")
    return value


def _has_port(url: str) -> str:
    port = url.rstrip("/").rpartition(":")[2]
    if port.isdigit() and not 1 <= int(port) <= _HIGHEST_PORT:
        raise ValueError(f"should have a port from 1 to {_HIGHEST_PORT}")
    return url


AmiUrl = Annotated[str, Field(pattern=_AMI_URL), AfterValidator(_has_port)]


class OtherAsterisk(BaseModel):
    """One more Asterisk under a name, `[ami.others.NAME]`.

    trunks: campaigns with one of these are dialled there; none: it is only watched.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    _line = field_validator("*", mode="before")(_one_line)
    url: AmiUrl
    reader: str = Field("callfloor-reader", min_length=1)
    reader_secret: SecretStr
    actor: str = Field("callfloor-actor", min_length=1)
    actor_secret: SecretStr
    tls_ca_file: str = ""
    trunks: frozenset[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,78}$")]] = (
        frozenset()
    )


class Settings(BaseSettings):
    """Everything that can be set, validated. Secrets never show in a repr."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    _line = field_validator("*", mode="before")(_one_line)
    database_url: SecretStr | None = None
    database_folder: str = ""
    database_port: int = Field(0, ge=0, le=65535)
    ami_url: AmiUrl = "ami://127.0.0.1:5038"
    ami_reader: str = Field("callfloor-reader", min_length=1)
    ami_reader_secret: SecretStr = SecretStr("")
    ami_actor: str = Field("callfloor-actor", min_length=1)
    ami_actor_secret: SecretStr = SecretStr("")
    ami_keeper: str = Field("callfloor-keeper", min_length=1)
    ami_keeper_secret: SecretStr = SecretStr("")
    ami_tls_ca_file: str = ""
    ami_others: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")], OtherAsterisk] = (
        Field(default_factory=dict)
    )
    asterisk_config_folder: str = ""
    asterisk_cel_ledger: str = ""
    asterisk_ami_records: bool = False
    asterisk_recordings_folder: str = ""
    asterisk_phones_file: str = ""
    reports_staff_numbers: frozenset[Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]] = (
        frozenset()
    )
    asterisk_time_zone: str = "UTC"
    asterisk_cel_days: int = Field(90, ge=30, le=3660)
    web_host: str = Field("127.0.0.1", min_length=1)
    web_port: int = Field(8080, ge=0, le=65535)
    web_behind_proxy: bool = False
    web_sip_url: str = Field("ws://127.0.0.1:8088/ws", pattern=r"^wss?://[^/@\s]+(/\S*)?$")
    dialer_drain_seconds: float = Field(30.0, ge=0, le=86_400)
    dialer_law_packs: str = ""
    dialer_pace_journal: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value else ""
        if text and not text.startswith(("postgresql://", "postgres://")):
            raise ValueError("should look like postgresql://user:password@host:5432/database")
        return SecretStr(text) if text else None

    @field_validator("ami_others")
    @classmethod
    def _leaves_main(cls, value: dict[str, OtherAsterisk]) -> dict[str, OtherAsterisk]:
        if "main" in value:
            raise ValueError("should have another name: main is the Asterisk of ami.url")
        named = [trunk for other in value.values() for trunk in other.trunks]
        twice = sorted({trunk for trunk in named if named.count(trunk) > 1})
        if twice:
            raise ValueError(f"should name each trunk at one Asterisk: {twice[0]} is at two")
        return value

    @field_validator("asterisk_time_zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("should be an IANA time zone such as Asia/Shanghai")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file; the file comes in as keyword arguments."""
        return env_settings, init_settings

    @property
    def embedded_folder(self) -> Path:
        """Where the embedded Postgres lives."""
        if self.database_folder:
            return Path(self.database_folder).expanduser()
        base = Path("/var/lib") if os.geteuid() == 0 else Path("~/.local/share").expanduser()
        return base / "callfloor" / "postgres"


def _text_of(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(_LONGEST_FILE_BYTES + 1)
    if len(content) > _LONGEST_FILE_BYTES:
        raise SettingsError(
            f"{path} is no file of settings: it has over {_LONGEST_FILE_BYTES} bytes"
        )
    return content.decode()


def _read_file(path: Path) -> dict[str, object]:
    """Flatten `[section] key` to `section_key`."""
    try:
        tree = tomllib.loads(_text_of(path))
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    except RecursionError as error:
        raise SettingsError(f"{path} is not valid TOML: too many brackets in each other") from error
    flat: dict[str, object] = {}
    for section, keys in tree.items():
        if not isinstance(keys, dict):
            raise SettingsError(f"{path}: {section!r} stands outside of a [section]")
        flat |= {f"{section}_{key}": value for key, value in keys.items()}
    _refuse_unknown(flat, str(path), lambda key: key.replace("_", ".", 1))
    return flat


def _refuse_unknown(keys: Mapping[str, object], where: str, show: Callable[[str], str]) -> None:
    known = Settings.model_fields
    for key in keys:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"; did you mean {show(near[0])}?" if near else ""
            raise SettingsError(f"{where}: unknown key {show(key)}{hint}")


def _check_environment(environment: Mapping[str, str]) -> None:
    ours = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and not name.removeprefix(PREFIX).startswith(_NO_SETTINGS)
    }
    _refuse_unknown(ours, "environment", lambda key: PREFIX + key.upper())


def load_settings(file: Path | None = None) -> Settings:
    """Read and validate all settings; raises SettingsError in one clear line."""
    values = _read_file(DEFAULT_FILE)
    named = file or (
        Path(os.environ[f"{PREFIX}CONFIG"]) if f"{PREFIX}CONFIG" in os.environ else None
    )
    if named is not None:
        values |= _read_file(named)
    _check_environment(os.environ)
    try:
        return Settings(**values)  # type: ignore[arg-type] # checked by pydantic, that is the point
    except ValidationError as error:
        raise SettingsError(_explain(error)) from error
    except UnreadableEnvironment as error:
        raise SettingsError(f"environment: {error}; should be JSON") from error


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    secret = "secret" in key or key == "database_url"
    hidden = secret or isinstance(first["input"], dict)  # a whole table holds secrets, too
    value = "(hidden)" if hidden else repr(first["input"])
    reason = first["msg"].removeprefix("Value error, ")
    return f"setting {key.replace('_', '.', 1)} = {value}: {reason} ({PREFIX}{key.upper()})"
