"""`callfloor campaign`: what is refused before anything is touched."""

import pytest
from typer.testing import CliRunner

from cli.main import app


@pytest.mark.parametrize("mode", ["manual", "preview"])
@pytest.mark.parametrize("verb", ["add", "set"])
def test_a_mode_in_which_nobody_could_start_a_call_is_refused(verb: str, mode: str) -> None:
    told = CliRunner().invoke(app, ["campaign", verb, "spring", "--mode", mode])

    assert told.exit_code == 2
    assert f"mode {mode} cannot be used yet" in " ".join(told.output.split())
