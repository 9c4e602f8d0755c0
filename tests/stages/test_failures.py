from importlib import import_module

import psycopg
import pytest
import sqlalchemy as sa
from py4j.protocol import Py4JError, Py4JJavaError

from jobs import __main__ as door
from jobs.declarations import DeclarationError
from jobs.enterprises.tiers import TooManyPairs
from jobs.stages.failures import CODES, OUTSIDE, STOPPED, WRONG, code_of
from jobs.stages.replay import ReplayDiffers
from jobs.stages.run import GateStopped, Unfinished
from jobs.stores.database import Locked
from jobs.stores.embedded import HomeMoved
from jobs.stores.serving.withdrawals import WithdrawalRefused


@pytest.mark.parametrize("name", CODES)
def test_every_name_is_that_of_a_class(name: str) -> None:
    module, _, kind = name.rpartition(".")
    found = getattr(import_module(module), kind)
    assert f"{found.__module__}.{found.__qualname__}" == name


@pytest.mark.parametrize(("error", "code"), [
    (GateStopped("rows fail"), STOPPED), (ReplayDiffers("other hash"), STOPPED),
    (DeclarationError("fields.yml"), WRONG), (Unfinished("grade first"), WRONG), (WithdrawalRefused("no key"), WRONG),
    (Locked("another run"), OUTSIDE), (HomeMoved("moved"), OUTSIDE), (FileNotFoundError("java"), OUTSIDE),
    (ConnectionRefusedError("spark"), OUTSIDE), (TooManyPairs("core: 9 pairs"), OUTSIDE),
    (psycopg.OperationalError("gone"), OUTSIDE),
    (sa.exc.OperationalError("select 1", {}, Exception("gone")), OUTSIDE),
    (Py4JError("Answer from Java side is empty"), OUTSIDE), (Py4JJavaError.__new__(Py4JJavaError), None),
    (KeyError("a slip of ours"), None), (sa.exc.ProgrammingError("selec", {}, Exception("syntax")), None),
], ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value))
def test_each_error_has_its_exit_code(error: Exception, code: int | None) -> None:
    assert code_of(error) == code


def test_a_fault_nobody_foresaw_keeps_its_traceback_and_is_no_gates_doing(capsys: pytest.CaptureFixture[str],
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    def status(_: object) -> None:
        raise ZeroDivisionError("a slip of ours")

    others = [command for command in door.COMMANDS if command.__name__ != "status"]
    monkeypatch.setattr(door, "COMMANDS", (*others, status))
    assert door.main(["status"]) == OUTSIDE
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert "ZeroDivisionError: a slip of ours" in told


def test_a_wrong_argument_is_told_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert door.main(["describe", "feed", "nobody"]) == WRONG
    told = capsys.readouterr().err
    assert "DeclarationError: describe feed 'nobody'" in told
    assert "Traceback" not in told
