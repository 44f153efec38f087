"""What every storage promises, on a folder and on an S3 service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from s3_kit import Service

from pipeline.errors import ConfigError, ObjectChanged, ObjectMissing, PraktykiError, StorageError
from pipeline.places import S3Settings, parsed_address
from pipeline.storage import s3 as s3_module
from pipeline.storage.base import Item, Storage
from pipeline.storage.opening import storage_at
from pipeline.storage.rules import is_safe


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return storage_at(f"file://{tmp_path}/objects", S3Settings())
    service: Service = request.getfixturevalue("service")
    return service.storage("some/prefix")


def test_what_is_put_is_listed_read_and_fetched(storage: Storage, tmp_path: Path) -> None:
    assert list(storage.items()) == []
    source = tmp_path / "source"
    source.write_bytes(b"zawarto\xc5\x9b\xc4\x87" * 1000)
    put = [storage.put("a/b.txt", b"short"), storage.put("a/c d.bin", source)]
    assert sorted(storage.items()) == sorted(put)
    assert storage.read("a/b.txt")[0] == b"short"
    assert storage.read_range("a/c d.bin", 7, 3) == b"\xc5\x9b\xc4"
    assert storage.read_range("a/c d.bin", 1_000_000, 3) == b""
    storage.fetch(put[1], tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == source.read_bytes()
    head = storage.head("a/c d.bin")
    assert head is not None
    assert (head.size, head.tag) == (source.stat().st_size, put[1].tag)
    assert head.age_seconds < 60
    storage.delete("a/b.txt")
    storage.delete("a/b.txt")
    assert storage.head("a/b.txt") is None
    assert [item.name for item in storage.items()] == ["a/c d.bin"]
    assert storage.told().bytes_written == 5 + source.stat().st_size


def test_conditions_hold(storage: Storage) -> None:
    first = storage.put("latest", b"1", is_new=True)
    with pytest.raises(ObjectChanged):
        storage.put("latest", b"2", is_new=True)
    second = storage.put("latest", b"other", tag=first.tag)
    with pytest.raises(ObjectChanged):
        storage.put("latest", b"3", tag=first.tag)
    with pytest.raises(ObjectChanged):
        storage.delete("latest", tag=first.tag)
    assert storage.read("latest") == (b"other", second.tag)
    storage.delete("latest", tag=second.tag)
    with pytest.raises(ObjectMissing):
        storage.put("latest", b"4", tag=second.tag)
    with pytest.raises(ObjectMissing):
        storage.read("latest")


def test_what_is_not_as_listed_is_not_taken(storage: Storage, tmp_path: Path) -> None:
    listed = storage.put("x", b"first")
    storage.put("x", b"other")
    with pytest.raises(ObjectChanged):
        storage.fetch(listed, tmp_path / "a")
    current = storage.put("x", b"third")
    with pytest.raises(StorageError, match="bytes came instead of 4"):
        storage.fetch(Item("x", 4, current.tag), tmp_path / "b")
    with pytest.raises(StorageError, match="more than 3 bytes"):
        storage.read("x", limit=3)


def test_an_object_that_does_not_fit_its_digest_is_refused(service: Service, tmp_path: Path) -> None:
    storage = service.storage("p")
    storage.put("x", b"first")
    altered = service.client.put_object(Bucket=service.bucket, Key="p/x", Body=b"fIrst", Metadata={"sha256": "0" * 64})
    with pytest.raises(StorageError, match="is not what was put there"):
        storage.fetch(Item("x", 5, altered["ETag"]), tmp_path / "a")


def test_a_listing_of_many_pages(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = service.storage("p")
    for number in range(7):
        storage.put(f"{number}", b"")
    service.client.put_object(Bucket=service.bucket, Key="p/folder/", Body=b"")
    service.client.put_object(Bucket=service.bucket, Key="pp/other", Body=b"")
    paginator: Any = s3_module.S3Storage.items
    assert sorted(item.name for item in paginator(storage)) == [f"{number}" for number in range(7)]
    monkeypatch.setattr(s3_module, "MAX_OBJECTS", 5)
    with pytest.raises(StorageError, match="more than 5 objects"):
        list(storage.items())


@pytest.mark.parametrize(
    ("code", "status", "error", "said"),
    [
        ("AccessDenied", 403, StorageError, "access denied; the credentials must be allowed to list (s3:ListBucket)"),
        ("InvalidAccessKeyId", 403, ConfigError, "not accepted"),
        ("ExpiredToken", 400, ConfigError, "not accepted"),
        ("PermanentRedirect", 301, ConfigError, "region eu-central-1"),
        ("NoSuchBucket", 404, ConfigError, "there is no bucket"),
        ("NotImplemented", 501, StorageError, "conditional"),
        ("InternalError", 500, StorageError, "InternalError"),
    ],
)
def test_what_a_service_answers_becomes_one_clear_line(
    service: Service, code: str, status: int, error: type[PraktykiError], said: str
) -> None:
    from botocore.exceptions import ClientError

    storage: Any = service.storage("p")
    headers = {"x-amz-bucket-region": "eu-central-1"}
    answer = {
        "Error": {"Code": code, "Message": "Two\nlines"},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": headers},
    }

    with pytest.raises(error) as raised, storage._errors("", "list (s3:ListBucket)"):
        raise ClientError(answer, "ListObjectsV2")
    assert said in str(raised.value)
    assert str(raised.value).startswith(service.address("p"))


def test_a_body_that_breaks_off_is_asked_for_again(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage: Any = service.storage("p")
    item = storage.put("x", b"0123456789" * 100)
    sound = s3_module._body
    broken = 2

    def breaking(body: Any) -> Any:
        nonlocal broken
        if broken:
            broken -= 1
            yield body.read(10)
            raise s3_module._BrokenOff("reset")
        yield from sound(body)

    monkeypatch.setattr(s3_module, "_body", breaking)
    storage.fetch(item, tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == b"0123456789" * 100
    broken = 9
    with pytest.raises(StorageError, match="broke off again and again"):
        storage.fetch(item, tmp_path / "y")


@pytest.mark.parametrize(
    "name",
    ["../x", "/x", "a/../x", "a//x", "./x", "a/.", "..", "a\\x", "c:\\x", ".lock", "a/.b", "x\0y", "x\ny", "a/", "/"],
)
def test_names_that_may_not_become_paths(name: str) -> None:
    assert not is_safe(name)


@pytest.mark.parametrize("name", ["", " x", "x ", "a" * 1000, "ż" * 130, "a/" + "b" * 251])
def test_nor_these(name: str) -> None:
    assert not is_safe(name)


@pytest.mark.parametrize("name", ["a", "bdp/bdp-20240101-00000.warc.gz", "zażółć/gęślą jaźń.jsonl", "runs/x.log", "a..b"])
def test_names_that_may(name: str) -> None:
    assert is_safe(name)


@pytest.mark.parametrize(
    "address",
    ["s3://", "s3:///x", "s3://b", "s3://bucket/../x", "s3://bucket/a//b", "s3://bucket/a?b", "s3://bucket/a\nb", "gs://bucket/x",
     "file://", "file://host/x", "file:///", "file:///a/../b", "s3://user:word@bucket/x", "http://bucket/x"],
)  # fmt: skip
def test_addresses_that_cannot_be_used(address: str) -> None:
    with pytest.raises(ConfigError):
        parsed_address(address)


def test_addresses_that_can() -> None:
    assert parsed_address("s3://bucket").text == "s3://bucket"
    assert parsed_address("s3://bucket.of-mine/a/b c/").prefix == "a/b c"
    assert parsed_address("file:///mnt/data").text == "file:///mnt/data"
