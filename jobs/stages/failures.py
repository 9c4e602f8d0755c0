"""Which exit code an error ends the process with."""
from __future__ import annotations

import sys
import traceback

STOPPED, WRONG, OUTSIDE = 1, 2, 3

# By name, so that telling a wrong argument does not import Spark; a class nobody imported cannot have been raised.
CODES = {
    "jobs.stages.run.GateStopped": STOPPED,
    "jobs.stages.replay.ReplayDiffers": STOPPED,
    "jobs.declarations.files.DeclarationError": WRONG,
    "jobs.stages.run.Unfinished": WRONG,
    "jobs.stores.serving.withdrawals.WithdrawalRefused": WRONG,
    "jobs.stores.serving.copying.UnservedType": WRONG,
    "jobs.stores.serving.shape.ShapeError": WRONG,
    "jobs.values.dates.CalendarYearError": WRONG,
    "pydantic_core._pydantic_core.ValidationError": WRONG,
    "yaml.error.YAMLError": WRONG,
    "builtins.OSError": OUTSIDE,
    "jobs.answers.bulletin_frozen.FrozenDiffers": OUTSIDE,
    "jobs.stores.embedded.HomeMoved": OUTSIDE,
    "jobs.stores.database.Locked": OUTSIDE,
    "jobs.stores.transports.arrival.TransportFailed": OUTSIDE,
    "jobs.stores.serving.staging.StagingError": OUTSIDE,
    "jobs.stores.serving.delta.DoubledKey": OUTSIDE,
    "jobs.stores.serving.files.FilesDiffer": OUTSIDE,
    "jobs.stores.serving.shape.ReaderInTheWay": OUTSIDE,
    "jobs.stores.checks.results.CheckError": OUTSIDE,
    "jobs.enterprises.tiers.TooManyPairs": OUTSIDE,  # the night is greater than what somebody allowed it to cost
    "sqlalchemy.exc.OperationalError": OUTSIDE,
    "sqlalchemy.exc.InterfaceError": OUTSIDE,
    "psycopg.OperationalError": OUTSIDE,
    "py4j.protocol.Py4JJavaError": None,  # raised inside the JVM, which lives: a fault nobody foresaw
    "py4j.protocol.Py4JError": OUTSIDE,  # the JVM died while it was asked
    "pyspark.errors.exceptions.base.PySparkRuntimeError": OUTSIDE,  # no Java, or the gateway to it broke
    "subprocess.SubprocessError": OUTSIDE,
    "minio.error.MinioException": OUTSIDE,
    "urllib3.exceptions.HTTPError": OUTSIDE,
}


def code_of(error: BaseException) -> int | None:
    """1 where a gate stopped the release or a replay differs, 2 where a declaration or an argument is wrong, 3 where something
    outside failed; None for a fault nobody foresaw."""
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    return next((CODES[name] for name in names if name in CODES), None)


def refused(error: Exception) -> int:
    """Says what went wrong in one paragraph; a fault nobody foresaw keeps its traceback, and is no gate's doing."""
    code = code_of(error)
    if code is None:
        traceback.print_exception(error)
        return OUTSIDE
    print(f"\n{type(error).__name__}: {error}", file=sys.stderr)
    return code
