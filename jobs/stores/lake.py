"""The lake: Iceberg tables behind a JDBC catalog in PostgreSQL; facts are appended, derived tables replaced in one commit."""
from __future__ import annotations

import hashlib
import os
import sys
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.sql import functions as F
from pyspark.sql.functions.partitioning import days
from pyspark.sql.types import StructType

from jobs.declarations.settings import ROOT, Settings
from jobs.stores import database

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ADMISSION = pa.schema([("delivery_id", pa.string()), ("run_id", pa.string()), ("covers", pa.date32()),
                       ("absent_since", pa.date32())])
LOGGING = f"-Dlog4j2.configurationFile={ROOT / 'jobs' / 'stores' / 'log4j2.properties'}"
# A column that is new is added behind all others, wherever it stands in the frame; columns are known by their names.
ANY_ORDER = {"mergeSchema": "true", "check-ordering": "false"}
ICEBERG = "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"


def catalog(settings: Settings, name: str = "lake") -> dict[str, str]:
    """What Spark is told of a lake's catalog: its database and its warehouse, secrets among it."""
    where = database.url(settings)
    told = {
        "": "org.apache.iceberg.spark.SparkCatalog",
        ".type": "jdbc",
        ".uri": f"jdbc:postgresql://{where.host}:{where.port or 5432}/{where.database}",
        ".jdbc.user": where.username or "",
        ".jdbc.password": where.password or "",
        ".jdbc.schema-version": "V1",
        ".warehouse": settings.warehouse,
        ".cache-enabled": "false",
        **warehouse_in_bucket(settings),
    }
    return {f"spark.sql.catalog.{name}{key}": value for key, value in told.items()}


def warehouse_in_bucket(settings: Settings) -> dict[str, str]:
    """How Iceberg reaches a warehouse that is an s3:// address; nothing where it is a folder."""
    if not settings.warehouse.startswith("s3://"):
        return {}
    where = settings.objects
    return {
        ".io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        ".s3.endpoint": where.url,
        ".s3.path-style-access": "true",
        ".s3.access-key-id": where.access_key.get_secret_value(),
        ".s3.secret-access-key": where.secret_key.get_secret_value(),
        ".client.region": where.region,
    }


def configuration(settings: Settings) -> dict[str, str]:
    """What a Spark session of ours is told at its start: fixed zones, sizes from the settings, and no secret, since
    PySpark starts the JVM with all of this on its command line, which anyone on the machine may list."""
    return {
        "spark.master": settings.spark.master,
        "spark.driver.memory": settings.spark.driver_memory,
        "spark.executor.memory": settings.spark.executor_memory,
        "spark.jars": ",".join(str(jar) for jar in sorted(settings.jars.glob("*.jar"))),
        "spark.sql.extensions": ICEBERG,
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.extraJavaOptions": f"{settings.java_options} {LOGGING}",
        "spark.executor.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.sql.shuffle.partitions": str(settings.spark.shuffle_partitions),
        # Each table sent for a join, each grouping takes a page, 64 MB if not told otherwise: a night of few rows held 1.8 GB so.
        "spark.buffer.pageSize": "1m",
        # A side so small is sent to the other, which is then neither moved nor sorted; the numbers of 100,000 enterprises are
        # more than the 10 MB that Spark takes for small.
        "spark.sql.autoBroadcastJoinThreshold": "64m",
        # What gathers lists gave up its hash table for sorting at 128 keys.
        "spark.sql.objectHashAggregate.sortBased.fallbackThreshold": "100000",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
        # What is kept is read once or twice and let go: no time is spent on making it small.
        "spark.sql.inMemoryColumnarStorage.compressed": "false",
        "spark.executorEnv.PYTHONPATH": str(ROOT),
        "spark.python.daemon.module": "jobs.stages.workers",
        # For each column of a plan Spark would ask Python where it was written: half of the time that planning takes.
        "spark.python.sql.dataFrameDebugging.enabled": "false",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.redaction.regex": "(?i)secret|password|token|access[.-]?key",
    }


def session(settings: Settings, name: str = "credit") -> SparkSession:
    """The one Spark session of this process."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    builder = SparkSession.builder.appName(name)
    for key, value in configuration(settings).items():
        builder = builder.config(key, value)
    running = builder.getOrCreate()
    running.sparkContext.setLogLevel("ERROR")
    tell(running, catalog(settings))
    return running


def tell(spark: SparkSession, told: dict[str, str]) -> None:
    """The running session knows these; what it knows reaches the executors with the work."""
    for key, value in told.items():
        spark.conf.set(key, value)


def opened(settings: Settings) -> Lake:
    """The lake of these settings: the catalog `lake`, or one of its own where the session's is another home's."""
    spark = session(settings)
    own = catalog(settings)
    if spark.conf.get("spark.sql.catalog.lake.uri", None) == own["spark.sql.catalog.lake.uri"] \
            and spark.conf.get("spark.sql.catalog.lake.warehouse", None) == settings.warehouse:
        return Lake(spark)
    name = "lake_" + hashlib.sha256(f"{own}".encode()).hexdigest()[:8]
    tell(spark, catalog(settings, name))
    return Lake(spark, name)


class Lake:
    """Short names: `events` is lake.credit.events, `facts.penalty` is lake.facts.penalty."""

    def __init__(self, spark: SparkSession, catalog: str = "lake") -> None:
        self.spark, self.catalog = spark, catalog
        for namespace in ("credit", "facts"):
            spark.sql(f"create namespace if not exists {catalog}.{namespace}")

    def name(self, table: str) -> str:
        return f"{self.catalog}.{table}" if table.startswith("facts.") else f"{self.catalog}.credit.{table}"

    def exists(self, table: str) -> bool:
        return self.spark.catalog.tableExists(self.name(table))

    def read(self, table: str, snapshot_id: int) -> DataFrame:
        """The table exactly as that snapshot has it; nobody reads the head of a derived table."""
        return self.spark.read.option("versionAsOf", snapshot_id).table(self.name(table))

    def admitted(self, table: str, admissions: list[tuple[str, str]]) -> DataFrame:
        """The rows of an append-only table that the ledger makes visible: those of (delivery_id, run_id)."""
        rows = [{"delivery_id": delivery, "run_id": run} for delivery, run in admissions]
        return self.dated(table, rows).drop("covers", "absent_since")

    def dated(self, table: str, admissions: list[dict[str, Any]]) -> DataFrame:
        """The same rows, each with what is known of its delivery: the day it covers, and of a full snapshot that another one
        followed, the day of that one."""
        # As Arrow: from a list Spark would ask Python workers for these rows anew in every job that reads the table.
        visible = self.spark.createDataFrame(pa.Table.from_pylist(admissions, ADMISSION))
        return self.spark.table(self.name(table)).join(visible.hint("broadcast"), ["delivery_id", "run_id"])

    def ensure(self, table: str, schema: StructType | str) -> None:
        """An append-only table is there, partitioned by the day its rows arrived."""
        if self.exists(table):
            return
        empty = self.empty(schema).writeTo(self.name(table)).partitionedBy(days("received_at"))
        empty.tableProperty("write.distribution-mode", "none").tableProperty("write.spark.fanout.enabled", "true") \
             .tableProperty("write.spark.accept-any-schema", "true").create()

    def empty(self, schema: StructType | str) -> DataFrame:
        """No row of this schema; without a Python worker."""
        columns = StructType.fromDDL(schema) if isinstance(schema, str) else schema
        return self.spark.range(0).select(*(F.lit(None).cast(one.dataType).alias(one.name) for one in columns))

    def append(self, frame: DataFrame, table: str) -> None:
        """Adds rows to an append-only table; new columns are added as nullable. A delivery's rows come together as they are."""
        self.ensure(table, frame.schema)
        frame.writeTo(self.name(table)).options(**ANY_ORDER).append()

    def replace(self, frame: DataFrame, table: str) -> int:
        """Replaces a derived table in one commit; the id of the snapshot that this commit made."""
        if not self.exists(table):
            frame.limit(0).writeTo(self.name(table)).tableProperty("write.distribution-mode", "none") \
                 .tableProperty("write.spark.accept-any-schema", "true").create()
        frame.writeTo(self.name(table)).options(**ANY_ORDER).overwrite(F.lit(True))
        return self.snapshot(table)

    def snapshot(self, table: str) -> int:
        """The id of the table's newest snapshot."""
        tables = self.spark._jvm.org.apache.iceberg.spark.Spark3Util
        return tables.loadIcebergTable(self.spark._jsparkSession, self.name(table)).currentSnapshot().snapshotId()

    def discard(self) -> None:
        """The derived tables of a scratch lake are gone, files and all: a warehouse in a bucket goes with no folder."""
        for table in self.spark.sql(f"show tables in {self.catalog}.credit").collect():
            self.spark.sql(f"drop table {self.catalog}.credit.{table.tableName} purge")
