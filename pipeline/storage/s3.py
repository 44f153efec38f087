"""A bucket, or what lies below a prefix of it, as a storage; the only importer of boto3 (extra ``s3``).

Credentials come from boto3's own chain. TLS is verified. Requests are tried again in boto3's standard mode; a body that
breaks off, here. Conditions are If-Match and If-None-Match (Amazon since 2024, MinIO, Ceph, R2 and others).
"""

from __future__ import annotations

import base64
import contextlib
import io
import threading
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

from pipeline.errors import ConfigError, ObjectChanged, ObjectMissing, PraktykiError, StorageError
from pipeline.faults import reached
from pipeline.places import Address, S3Settings
from pipeline.storage.base import MAX_OBJECTS, SMALL_BYTES, STEP, Head, Item, Told, digests, written

PARALLEL: Final = 8
MAX_PUT: Final = 5 * 1024**3  # of one PUT, by the service's rules
_ATTEMPTS = 4
_CONNECT_SECONDS = 10
_READ_SECONDS = 60
_DIGEST = "sha256"
_NO_CREDENTIALS = (
    "no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile (AWS_PROFILE) or a role of the machine"
)
_WRONG_CREDENTIALS = frozenset(
    (
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "ExpiredToken",
        "InvalidToken",
        "TokenRefreshRequired",
        "ExpiredTokenException",
    )
)
_DENIED = frozenset(("AccessDenied", "AllAccessDisabled", "AccountProblem", "403", "Forbidden"))
_ELSEWHERE = frozenset(("PermanentRedirect", "301", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"))
_CHANGED = frozenset(("PreconditionFailed", "412", "ConditionalRequestConflict"))
_MISSING = frozenset(("NoSuchKey", "404", "NotFound"))


class S3Storage:
    """See `Storage`. Safe for several threads; not to be carried over a fork."""

    def __init__(self, address: Address, settings: S3Settings) -> None:
        """Asks nothing yet. Raises ConfigError when boto3 is missing or cannot work with the settings."""
        self.address = address.text
        self._bucket = address.bucket
        self._prefix = f"{address.prefix}/" if address.prefix else ""
        self._lock = threading.Lock()
        self._requests = self._bytes_read = self._bytes_written = 0
        self._client = _client(settings, self.address)
        self._client.meta.events.register("before-send.s3", self._sent)
        self.endpoint: str = self._client.meta.endpoint_url

    def items(self) -> Iterator[Item]:
        count = 0
        with self._errors("", "list (s3:ListBucket)"):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix):
                for found in page.get("Contents", ()):
                    name = found["Key"].removeprefix(self._prefix)
                    count += 1
                    if count > MAX_OBJECTS:
                        raise StorageError(f"{self.address}: more than {MAX_OBJECTS} objects; use a prefix of its own")
                    if name and not name.endswith("/"):  # such empty objects stand for folders in some tools
                        yield Item(name, found["Size"], found["ETag"])

    def head(self, name: str) -> Head | None:
        try:
            with self._errors(name, "read (s3:GetObject)"):
                answer = self._client.head_object(Bucket=self._bucket, Key=self._prefix + name)
        except ObjectMissing:
            return None
        date = answer["ResponseMetadata"]["HTTPHeaders"].get("date", "")
        age = 0.0
        with contextlib.suppress(ValueError, TypeError):
            age = max(0.0, (parsedate_to_datetime(date) - answer["LastModified"]).total_seconds())
        return Head(answer["ContentLength"], answer["ETag"], answer.get("Metadata", {}).get(_DIGEST), age)

    def read(self, name: str, limit: int = SMALL_BYTES) -> tuple[bytes, str]:
        with self._errors(name, "read (s3:GetObject)"):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)
            with contextlib.closing(answer["Body"]) as body:
                content: bytes = body.read(limit + 1)
        if len(content) > limit:
            raise StorageError(f"{self._told(name)}: has more than {limit} bytes; look what it is and move it away")
        self._count(read=len(content))
        return content, answer["ETag"]

    def read_range(self, name: str, start: int, length: int) -> bytes:
        try:
            with self._errors(name, "read (s3:GetObject)"):
                answer = self._client.get_object(
                    Bucket=self._bucket, Key=self._prefix + name, Range=f"bytes={start}-{start + length - 1}"
                )
                with contextlib.closing(answer["Body"]) as body:
                    content: bytes = body.read(length)
        except _BeyondEnd:
            return b""
        self._count(read=len(content))
        return content

    def fetch(self, item: Item, target: Path) -> str:
        for attempt in range(1, _ATTEMPTS + 1):
            target.unlink(missing_ok=True)
            try:
                return self._fetched(item, target)
            except _BrokenOff as error:
                if attempt == _ATTEMPTS:
                    raise StorageError(f"{self._told(item.name)}: broke off again and again ({error}); run again") from error
        raise AssertionError

    def _fetched(self, item: Item, target: Path) -> str:
        with self._errors(item.name, "read (s3:GetObject)"):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + item.name, IfMatch=item.tag)
            with contextlib.closing(answer["Body"]) as body:
                chunks = _body(body)
                digest = written(chunks, target, item.size, answer.get("Metadata", {}).get(_DIGEST), self._told(item.name))
        self._count(read=item.size)
        return digest

    def put(self, name: str, source: bytes | Path, *, tag: str | None = None, is_new: bool = False) -> Item:
        size, sha256, md5 = digests(source)
        if size > MAX_PUT:
            raise StorageError(f"{self._told(name)}: {size} bytes are more than one object may have here ({MAX_PUT})")
        condition = {"IfMatch": tag} if tag is not None else {"IfNoneMatch": "*"} if is_new else {}
        reached("storage.put")
        with self._errors(name, "write (s3:PutObject)"), _opened(source) as body:
            answer = self._client.put_object(
                Bucket=self._bucket,
                Key=self._prefix + name,
                Body=body,
                ContentLength=size,
                ContentMD5=base64.b64encode(md5).decode(),
                Metadata={_DIGEST: sha256},
                **condition,
            )
        self._count(written=0 if name.startswith(".") else size)
        reached("storage.put_done")
        return Item(name, size, answer["ETag"])

    def delete(self, name: str, *, tag: str | None = None) -> None:
        reached("storage.delete")
        with contextlib.suppress(ObjectMissing), self._errors(name, "remove (s3:DeleteObject)"):
            condition = {"IfMatch": tag} if tag is not None else {}
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name, **condition)

    def told(self) -> Told:
        with self._lock:
            return Told(self._requests, self._bytes_read, self._bytes_written)

    def _told(self, name: str) -> str:
        return f"{self.address}/{name}" if name else self.address

    def _sent(self, **_request: object) -> None:
        with self._lock:
            self._requests += 1

    def _count(self, *, read: int = 0, written: int = 0) -> None:
        with self._lock:
            self._bytes_read += read
            self._bytes_written += written

    @contextlib.contextmanager
    def _errors(self, name: str, what: str) -> Iterator[None]:
        """Turns what boto3 raises into one line of ours."""
        from botocore import exceptions as boto

        try:
            yield
        except boto.ClientError as error:
            raise self._answered(name, what, error.response) from error
        except (boto.NoCredentialsError, boto.PartialCredentialsError, boto.CredentialRetrievalError) as error:
            raise ConfigError(f"{self.address}: {_NO_CREDENTIALS}") from error
        except (boto.SSLError, boto.ConnectionError, boto.HTTPClientError) as error:
            raise StorageError(f"{self.address}: cannot be reached at {self.endpoint}: {_reason(error)}") from error
        except boto.BotoCoreError as error:
            raise StorageError(f"{self._told(name)}: {_reason(error)}") from error
        except OSError as error:
            raise StorageError(f"{error.filename or self._told(name)}: {error.strerror or error}; run again") from error

    def _answered(self, name: str, what: str, response: Any) -> PraktykiError:
        told, code = self._told(name), str(response.get("Error", {}).get("Code", ""))
        if code == "NoSuchBucket":
            return ConfigError(f"{self.address}: there is no bucket {self._bucket}; make it, or mend the address")
        if code in _CHANGED:
            return ObjectChanged(f"{told}: is there already or was changed")
        if code in _MISSING:
            return ObjectMissing(f"{told}: is not there")
        if code == "InvalidRange":
            return _BeyondEnd(told)
        if code in _WRONG_CREDENTIALS:
            return ConfigError(f"{self.address}: the credentials are not accepted ({code}); renew or mend them")
        if code in _DENIED:
            return StorageError(f"{told}: access denied; the credentials must be allowed to {what}")
        if code in _ELSEWHERE:
            region = response["ResponseMetadata"].get("HTTPHeaders", {}).get("x-amz-bucket-region", "another one")
            return ConfigError(f"{self.address}: the bucket is in region {region}; set region under [s3] or PRAKTYKI_S3_REGION")
        if code == "NotImplemented":
            return StorageError(f"{told}: the service knows no conditional requests (If-Match); use one that does")
        message = str(response.get("Error", {}).get("Message", ""))[:200]
        return StorageError(f"{told}: the service answered {code or 'with an error'}: {message}; run again")


class _BeyondEnd(StorageError):
    """A range begins after the end of the object."""


class _BrokenOff(StorageError):
    """The body of an answer ended too early."""


def _client(settings: S3Settings, address: str) -> Any:
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError as error:
        raise ConfigError(f"{address}: needs boto3; install it by `make setup` or pip install 'praktyki[s3]'") from error
    is_other = settings.endpoint_url is not None
    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard", "max_attempts": _ATTEMPTS},
        max_pool_connections=PARALLEL * 2,
        s3={"addressing_style": "path" if is_other else "auto"},
        # Content-MD5 and the SHA-256 kept with each object cover what the newer checksums do, on older services too.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        session = boto3.session.Session()
        return session.client("s3", endpoint_url=settings.endpoint_url, region_name=settings.region, config=config)
    except (BotoCoreError, ValueError) as error:
        raise ConfigError(f"{address}: {_reason(error)}; see [s3] and the AWS_* variables") from error


def _body(body: Any) -> Iterator[bytes]:
    from botocore import exceptions as boto

    try:
        while chunk := body.read(STEP):
            yield chunk
    except (boto.HTTPClientError, boto.ConnectionError, boto.IncompleteReadError) as error:
        raise _BrokenOff(_reason(error)) from error


@contextlib.contextmanager
def _opened(source: bytes | Path) -> Iterator[io.IOBase]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    else:
        with source.open("rb") as file:
            yield file


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:300].rstrip(".")
