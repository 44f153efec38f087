"""A bucket of an S3 service on this machine, looked into from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.build import snapshot
from pipeline.places import S3Settings
from pipeline.storage import rules
from pipeline.storage.base import Storage
from pipeline.storage.opening import storage_at
from pipeline.storage.rules import Need

REGION = "us-east-1"
Run = Callable[..., tuple[int, str, str]]
"""Runs a command: exit code, stdout, stderr."""
ALL_OF_RAW = Need("raw", writes=True)
INDEXES = Need("raw", at_hand=rules.indexes)
PUBLISH = Need("datasets", writes=True, at_hand=rules.packages, snapshots=("latest",))
READ = Need("datasets", at_hand=rules.packages, snapshots=("latest",))


class Service(NamedTuple):
    """A bucket of a service. ``client`` is boto3's, for looking in from outside."""

    endpoint: str
    bucket: str
    client: Any

    @property
    def settings(self) -> S3Settings:
        return S3Settings(endpoint_url=self.endpoint, region=REGION)

    def address(self, prefix: str) -> str:
        return f"s3://{self.bucket}/{prefix}"

    def storage(self, prefix: str) -> Storage:
        return storage_at(self.address(prefix), self.settings)

    def objects(self, prefix: str) -> dict[str, bytes]:
        """Every object below a prefix with its bytes."""
        found = {}
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{prefix}/"):
            for item in page.get("Contents", ()):
                body = self.client.get_object(Bucket=self.bucket, Key=item["Key"])["Body"]
                found[item["Key"].removeprefix(f"{prefix}/")] = body.read()
                body.close()
        return found


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def snapshot_in(datasets: Path, name: str, content: bytes = b"rows", previous: str | None = None) -> None:
    """What build leaves: a folder, and the link moved to it."""
    put(datasets, f"snapshots/{name}/practices.parquet", content)
    put(datasets, f"snapshots/{name}/restricted/people.parquet", content)
    put(datasets, f"snapshots/{name}/datapackage.json", json.dumps({"praktyki": {"previous": previous}}).encode())
    snapshot.point_latest(datasets, name)
