"""What the tutorial says of the page, in Chromium; run by ``python -m tests.page --tutorial``."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
from playwright.sync_api import Page, expect, sync_playwright  # type: ignore[import-not-found]

from tests.page.stage import WITHIN_S, rows
from tests.test_docs_code import write_files

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM, SHOP, PICTURES = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
SIZE: Final = {"width": 1200, "height": 790}


@contextmanager
def served(port: int) -> Iterator[httpx.Client]:
    """Start the app as the tutorial does; at the end it is killed."""
    command = [sys.executable, "-m", "uvicorn", "shop:app", "--port", str(port)]
    transport = httpx.HTTPTransport(retries=8)  # until it listens
    with (
        subprocess.Popen([*command, "--log-level", "error"], cwd=SHOP) as process,
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=WITHIN_S
        ) as client,
    ):
        try:
            client.get("/docs").raise_for_status()
            yield client
        finally:
            process.send_signal(signal.SIGKILL)


def sign_in(page: Page) -> None:
    """Paste the token that the start has printed."""
    told = json.loads((SHOP / "data" / "backend.json").read_text())
    page.get_by_label("Token").fill(told["token"])
    page.keyboard.press("Enter")


def main() -> int:
    """Order, look, kill, and see what failed; then take the picture ``page.png``."""
    write_files("tutorial.md", SHOP)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    expect.set_options(timeout=WITHIN_S * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, device_scale_factor=1.5, color_scheme="light")
        page.set_default_timeout(WITHIN_S * 1000)
        with served(port) as shop:
            shop.post("/orders/7?pages=4")
            page.goto(f"http://127.0.0.1:{port}/tasks/")
            sign_in(page)
            expect(rows(page, "Send invoice: 7, 4")).to_contain_text("Done")
            shop.post("/orders/8?pages=60")
            expect(rows(page, "Send invoice: 8, 60")).to_contain_text("Running")
        expect(page.get_by_text("No connection to Shop since")).to_be_visible()
        with served(port) as shop:
            page.reload()
            sign_in(page)
            expect(rows(page, "Send invoice: 8, 60")).to_contain_text("Running")
            shop.post("/orders/9?pages=0")
            expect(rows(page, "Send invoice: 9, 0")).to_contain_text("Failed")
            rows(page, "Send invoice: 9, 0").click()
            detail = page.locator("aside")
            expect(detail.get_by_label("Traceback").first).to_contain_text("at least one page")
            page.screenshot(path=PICTURES / "page.png")
            detail.get_by_role("link", name="Run again with other arguments…").click()
            page.get_by_label("pages").fill("1")
            page.get_by_role("button", name="Run", exact=True).click()
            expect(detail).to_contain_text("invoice-9.pdf")
        browser.close()
    print("The page is as the tutorial says.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
