"""A window of a real browser: what a test may do in it, and the pictures it takes."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

T = TypeVar("T")

PATIENCE = 20.0
LOOK_EVERY = 0.05
PASSING = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
"""What goes by itself while a page moves."""
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",
    "--hide-scrollbars",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The size of a screen."""

    width: int
    height: int
    mobile: bool = False

    def __str__(self) -> str:
        """Return the name of it in files."""
        return f"{self.width}x{self.height}"


def programs() -> tuple[str, str] | None:
    """Return browser and driver, if both are there."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


class Window:
    """A browser with one window of a given size."""

    def __init__(self, size: Size, home: Path, *, browser: str, driver: str) -> None:
        self.size = size
        self._folders = [home, *map(Path, filter(None, [os.environ.get("LETHE_SCREENSHOTS")]))]
        options = ChromeOptions()
        options.binary_location = browser
        for switch in (*SWITCHES, f"--user-data-dir={home / 'profile'}"):
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = Chrome(options=options, service=ChromeService(driver))
        metrics = {"width": size.width, "height": size.height, "deviceScaleFactor": 1, "mobile": size.mobile}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def close(self) -> None:
        """End the browser and its driver."""
        self.driver.quit()

    def open(self, address: str) -> None:
        """Go to a page."""
        self.driver.get(address)

    def arrive(self, address: str) -> None:
        """Return when a form has led there; elements of the page that goes must not be looked at meanwhile."""
        self.until(lambda: self.driver.current_url == address, f"{address} to come")

    def until(self, found: Callable[[], T | None], what: str) -> T:
        """Return the first result that is true; what is not there yet counts as false."""
        wait = WebDriverWait(self.driver, PATIENCE, LOOK_EVERY, ignored_exceptions=PASSING)
        try:
            return cast("T", wait.until(lambda _: found()))
        except TimeoutException:
            self.picture("failed")
            raise AssertionError(
                f"waited for {what}; there is: {self.driver.find_element(By.TAG_NAME, 'body').text}"
            ) from None

    def all(self, selector: str) -> list[WebElement]:
        """Return what fits the selector now."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """Return what fits the selector first, as soon as it is seen."""
        return self.until(
            lambda: next((each for each in self.all(selector) if each.is_displayed()), None), f"{selector} to be seen"
        )

    def text(self, selector: str) -> str:
        """Return what one reads there."""
        return self.one(selector).text

    def press(self, selector: str) -> None:
        """Press it, as soon as it lets itself be pressed."""

        def pressed() -> bool:
            self.driver.find_element(By.CSS_SELECTOR, selector).click()
            return True

        self.until(pressed, f"{selector} to be pressed")

    def picture(self, name: str) -> None:
        """Take a picture into the test's folder, and where LETHE_SCREENSHOTS says; nothing may stand out sideways."""
        for folder in self._folders:
            folder.mkdir(parents=True, exist_ok=True)
            assert self.driver.save_screenshot(str(folder / f"{self.size}-{name}.png"))
        wider = self.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{name} is {wider} pixels wider than the screen"

    def complaints(self) -> list[Any]:
        """Return what the browser found wrong since it was asked last."""
        entries = self.driver.execute(Command.GET_LOG, {"type": "browser"})["value"]
        return [each["message"] for each in entries if each["level"] in {"SEVERE", "WARNING"}]
