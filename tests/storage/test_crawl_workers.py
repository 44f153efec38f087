"""Several processes crawl into a bucket: each file is sent once it is whole, the frontier at the end."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from farm_kit import HOSTS, PAGES, captures, crawled, farm, sources
from s3_kit import Service

ALL = HOSTS * (1 + PAGES)


def test_files_of_all_workers_reach_the_bucket(service: Service, tmp_path: Path) -> None:
    names = (
        *("PRAKTYKI_S3_ENDPOINT_URL", "PRAKTYKI_S3_REGION", "PRAKTYKI_CACHE_DIR", "AWS_ACCESS_KEY_ID"),
        *("AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"),
    )
    environment = {name: os.environ[name] for name in names}
    address = service.address("data")
    with farm() as site:
        folder = sources(tmp_path / "sources", site.port)
        code, printed = crawled(address, folder, 3, **environment)
        assert code == 0, printed
        objects = service.objects("data")
        for name, content in objects.items():
            (tmp_path / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "copy" / name).write_bytes(content)
        found = captures(tmp_path / "copy")
        assert len([url for url, _, _ in found if not url.endswith("/robots.txt")]) == ALL
        assert len({name.split("-")[2] for name in objects if name.endswith(".warc.gz")}) > 1
        shutil.rmtree(tmp_path / "cache")  # another machine
        site.asked.clear()
        code, printed = crawled(address, folder, 3, **environment)
        assert code == 0, printed
        assert site.paths() == {f"127.0.0.{number}/": 1 for number in range(1, HOSTS + 1)}  # listings are due every run
