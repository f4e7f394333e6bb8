"""The chat page, in the words of whoever plays with it."""

import re

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.window import Window

STATUS_LINK = re.compile(r"/deletion-status\?code=([A-Z0-9]+)$")


def hook(testid: str) -> str:
    """Return the selector of a hook of the page."""
    return f'[data-testid="{testid}"]'


class Phone:
    """Somebody's phone on the chat page, and the panels beside it (on a small screen: over it)."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def play(self, person: str) -> None:
        """Take somebody's phone; the panel that covers it goes by itself."""
        self._open("people")
        self.window.press(hook(f"person-{person}"))
        self.window.until(lambda: self.window.all(f"{hook(f'person-{person}')}[aria-current=true]"), "another phone")
        self.window.until(lambda: not self.window.all(".panel.open"), "the panel to close")

    def say(self, text: str) -> None:
        """Write it, with Enter at the end."""
        self.window.one(hook("composer")).send_keys(text, Keys.ENTER)

    def answer(self, words: str) -> WebElement:
        """Return the newest message of the business, once it says this and has been read."""

        def newest() -> WebElement | None:
            bubble = self.window.all(f"{hook('bubble')}[data-direction=out]")[-1:]
            done = bubble and words in bubble[0].text and bubble[0].get_attribute("data-status") == "read"
            return bubble[0] if done else None

        return self.window.until(newest, f"an answer with {words!r}, read")

    def choices(self, bubble: WebElement) -> list[str]:
        """Return what can be tapped below a message."""
        return [each.text for each in bubble.find_elements(By.CSS_SELECTOR, hook("choice"))]

    def choose(self, bubble: WebElement, title: str) -> None:
        """Tap a choice."""
        found = bubble.find_elements(By.CSS_SELECTOR, hook("choice"))
        next(each for each in found if each.text == title).click()

    def let_a_day_pass(self) -> None:
        """Move the clock by 25 hours."""
        with_panel = self._open("people")
        self.window.press(hook("clock-25h"))
        self._close(with_panel=with_panel)

    def why(self, bubble: WebElement) -> dict[str, str]:
        """Return what the inspector tells about a message, once the bot has told it and knows what it cost."""
        bubble.find_element(By.CSS_SELECTOR, ".paper").click()
        self.window.one("#inspector-panel dd[data-fact=rule]")
        # The price comes with a receipt, which the bot may take in after the phone has shown it.
        self.window.one("#inspector-panel dd[data-fact=price]")
        self.window.picture("why")
        facts = self.window.all("#inspector-panel dd")
        told = {each.get_attribute("data-fact") or "": each.text for each in facts}
        self._close(with_panel=self.window.size.mobile)
        return told

    def held(self, rows: dict[str, int], *, picture: str) -> None:
        """See the panel tell at least so many rows in these stores, or nothing at all."""
        with_panel = self._open("inspector")
        self.window.until(lambda: self._holds(rows), f"{rows} to be held")
        self.window.picture(picture)
        self._close(with_panel=with_panel)

    def _holds(self, rows: dict[str, int]) -> bool:
        if not rows:
            return bool(self.window.all(hook("held-empty"))) and not self.window.all(f"{hook('held')} [data-store]")
        counts = {store: self.window.all(f'{hook("held")} [data-store="{store}"] .count') for store in rows}
        return all(counts[store] and int(counts[store][0].text) >= least for store, least in rows.items())

    def status_page(self, bubble: WebElement) -> tuple[str, str]:
        """Return the code that a message tells, and the page that its link leads to."""
        links = [each.get_attribute("href") or "" for each in bubble.find_elements(By.TAG_NAME, "a")]
        (found,) = (match for match in map(STATUS_LINK.search, links) if match)
        return found[1], found.string

    def _open(self, panel: str) -> bool:
        """Open a panel where it lies out of sight; return whether it did."""
        hidden = self.window.size.mobile
        if hidden:
            self.window.press(hook(f"open-{panel}"))
        return hidden

    def _close(self, *, with_panel: bool) -> None:
        if with_panel:
            self.window.press(".panel.open .panel-close")
            self.window.until(lambda: not self.window.all(".panel.open"), "the panel to close")
