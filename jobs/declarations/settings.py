"""Where things are and how large: config/settings.yml overridden by CREDIT_* environment variables."""
from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, YamlConfigSettingsSource

from jobs.values import persons

ROOT = Path(__file__).resolve().parents[2]
# A JVM that an archive of classes does not fit says so on the standard output, where answers go; errors it still tells.
QUIET = "-Xlog:disable -Xlog:all=error:stderr"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NightSettings(Part):
    """When the night starts and what still belongs to it (Asia/Shanghai)."""

    cut_off: str
    schedule: str


class SparkSettings(Part):
    """`warehouse` is a folder or an s3:// address; unset means a folder of the home."""

    master: str
    driver_memory: str
    executor_memory: str
    shuffle_partitions: int
    few_rows: int
    java_options: str
    jars: Path
    warehouse: str | None = None


class ObjectSettings(Part):
    """Raw objects and rows: a folder of the home, or a bucket of MinIO or any S3, whose clients all want a region."""

    kind: Literal["folder", "minio"]
    endpoint: str | None = None
    bucket: str | None = None
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None
    region: str | None = None
    secure: bool = True

    @model_validator(mode="after")
    def bucket_is_whole(self) -> ObjectSettings:
        missing = [key for key in ("endpoint", "bucket", "access_key", "secret_key", "region") if getattr(self, key) is None]
        if self.kind == "minio" and missing:
            raise ValueError(f"objects.kind is minio, so {', '.join(missing)} must be set")
        return self

    @property
    def url(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.endpoint}"


class Settings(BaseSettings):
    """All settings of one process, paths absolute."""

    model_config = SettingsConfigDict(env_prefix="CREDIT_", env_nested_delimiter="__", extra="forbid", frozen=True,
                                      hide_input_in_errors=True)  # the input of a faulty part holds the secrets beside it

    home: Path
    config: Path = ROOT / "config"
    database_url: SecretStr | None = None
    person_key: SecretStr | None = None  # KEY_ID:SECRET, of the tokens of persons
    night: NightSettings
    spark: SparkSettings
    objects: ObjectSettings

    @model_validator(mode="after")
    def paths_are_absolute(self) -> Settings:
        object.__setattr__(self, "home", (ROOT / self.home).resolve())
        object.__setattr__(self, "config", (ROOT / self.config).resolve())
        return self

    @model_validator(mode="after")
    def warehouse_is_reachable(self) -> Settings:
        if self.warehouse.startswith("s3://") and self.objects.kind != "minio":
            raise ValueError("spark.warehouse is an s3:// address, so objects.kind must be minio: "
                             "endpoint, keys and region of the one are those of the other")
        return self

    @model_validator(mode="after")
    def person_key_is_whole(self) -> Settings:
        try:
            _ = self.token_key
        except ValueError as error:
            raise ValueError(f"person_key {error}") from None
        return self

    @property
    def token_key(self) -> persons.Key | None:
        """The key of the tokens of persons, None where there is none."""
        return persons.key_of(self.person_key.get_secret_value() if self.person_key else None)

    @property
    def jars(self) -> Path:
        return ROOT / self.spark.jars

    @property
    def classes(self) -> Path:
        """The archive of the classes that Spark starts with (install/classes.py); without one they are read from the jars."""
        return self.jars / "classes.jsa"

    @property
    def java_options(self) -> str:
        """What the JVM of the driver is told at its start. An archive of another Java or other jars is passed over, silently."""
        archive = f" -XX:SharedArchiveFile={self.classes} {QUIET}" if self.classes.exists() else ""
        return f"-Duser.timezone=UTC {self.spark.java_options}{archive}"

    @property
    def warehouse(self) -> str:
        return self.spark.warehouse or str(self.home / "warehouse")

    @classmethod
    def settings_customise_sources(cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
                                   env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
                                   file_secret_settings: PydanticBaseSettingsSource) -> tuple[PydanticBaseSettingsSource, ...]:
        folder = Path(os.environ.get("CREDIT_CONFIG", ROOT / "config"))
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls, ROOT / folder / "settings.yml")


def settings(**overrides: object) -> Settings:
    """The settings of this process; overrides are for tests and for the door's own arguments."""
    return Settings(**overrides)
