"""Debian's Chromium, headless, for tests that look at pages as a reader does: console, requests, axe-core.

`make setup-browser` installs what is needed. A test that asks for a browser, or for axe-core, is skipped, and says so, where it
is not there.
"""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ending import PATIENCE
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")
AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
)
_SERIOUS = ("serious", "critical")
_OURS = ("", "127.0.0.1", "localhost")


class Browser:
    """One window. ``driver`` is selenium's, for what has no method here."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, page: Path | str) -> None:
        """Loads a file or an address anew, even when only what is behind # differs; console and requests begin here."""
        address = page.resolve().as_uri() if isinstance(page, Path) else page
        self.driver.get("about:blank")
        self.console_errors()
        self.requested()
        self.driver.get(address)

    def size(self, width: int, height: int = 900) -> None:
        """Sets the size of the page in CSS pixels, as a telephone's may be."""
        self._chrome(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        )

    def prefer(self, *, scheme: str = "light", media: str = "screen") -> None:
        """What the system prefers (light, dark) and what is shown on (screen, print)."""
        features = [{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        self._chrome("Emulation.setEmulatedMedia", {"media": media, "features": features})

    def script(self, code: str, *arguments: Any) -> Any:
        """What ``return …`` yields in the page."""
        return self.driver.execute_script(code, *arguments)

    def find(self, selector: str) -> WebElement:
        """The first element of a CSS selector. Raises NoSuchElementException."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector: str) -> list[WebElement]:
        """All elements of a CSS selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def seen(self, selector: str = "body") -> str:
        """The text a reader sees in the first element of a selector."""
        return self.find(selector).text

    def console_errors(self) -> list[str]:
        """Errors and breaches of the page's policy since the last call or since `open`."""
        return [entry["message"] for entry in self._log("browser") if entry["level"] == "SEVERE"]

    def requested(self) -> list[str]:
        """Addresses asked for since the last call or since `open`."""
        found = []
        for entry in self._log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found

    def foreign_requests(self) -> list[str]:
        """Of `requested`, those that left this machine."""
        return [url for url in self.requested() if (urlsplit(url).hostname or "") not in _OURS]

    def axe(self, **options: Any) -> list[str]:
        """Serious and critical findings of axe-core, one line a rule with the first element it names."""
        if not AXE.is_file():
            pytest.skip("axe-core is not there; `make setup-browser` fetches it through npm")
        self.driver.execute_script(AXE.read_text("utf-8"))
        answer = self.driver.execute_async_script(
            "const done = arguments[1]; axe.run(document, arguments[0]).then(done, error => done({error: String(error)}))",
            options,
        )
        if "error" in answer:
            raise AssertionError(f"axe-core could not run: {answer['error']}")
        return [
            f"{found['id']}: {found['help']}: {len(found['nodes'])} x, e.g. {found['nodes'][0]['html'][:200]}"
            for found in answer["violations"]
            if found["impact"] in _SERIOUS
        ]

    def picture(self, path: Path, *, is_whole: bool = False) -> None:
        """A PNG of what is seen, or of the whole page."""
        options: dict[str, Any] = {"format": "png", "captureBeyondViewport": is_whole}
        if is_whole:
            box = self._chrome("Page.getLayoutMetrics", {})["cssContentSize"]
            options["clip"] = {"x": 0, "y": 0, "width": box["width"], "height": box["height"], "scale": 1}
        path.write_bytes(base64.b64decode(self._chrome("Page.captureScreenshot", options)["data"]))

    def pdf(self, path: Path) -> None:
        """The page as it prints, on A4."""
        options = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True, "printBackground": False}
        path.write_bytes(base64.b64decode(self._chrome("Page.printToPDF", options)["data"]))

    def _log(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.driver.get_log(kind)  # type: ignore[no-untyped-call]  # selenium leaves it untyped
        return entries

    def _chrome(self, command: str, options: dict[str, Any]) -> Any:
        return self.driver.execute_cdp_cmd(command, options)


@contextmanager
def browser(*, downloads: Path | None = None, script: bool = True) -> Iterator[Browser]:
    """A browser with an empty profile, Polish and light; the test is skipped where there is none.

    ``downloads``: where files are saved without asking.
    """
    if CHROMIUM is None or CHROMEDRIVER is None:
        pytest.skip("chromium or chromedriver is not there; `make setup-browser` installs them")
    with tempfile.TemporaryDirectory(prefix="praktyki-browser-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for option in (*_OPTIONS, f"--user-data-dir={profile}", "--lang=pl", "--accept-lang=pl"):
            options.add_argument(option)
        preferences: dict[str, Any] = {"intl.accept_languages": "pl"}
        if downloads is not None:
            preferences |= {"download.default_directory": str(downloads), "download.prompt_for_download": False}
        if not script:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options, webdriver.ChromeService(CHROMEDRIVER))
        try:
            driver.set_script_timeout(PATIENCE)
            opened = Browser(driver)
            opened.prefer()
            opened.size(1280)
            yield opened
        finally:
            driver.quit()
