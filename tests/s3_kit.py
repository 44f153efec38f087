"""A bucket of an S3 service on this machine, looked into from outside."""

from __future__ import annotations

from typing import Any, NamedTuple

from pipeline.places import S3Settings
from pipeline.storage.base import Storage
from pipeline.storage.opening import storage_at

REGION = "us-east-1"


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
