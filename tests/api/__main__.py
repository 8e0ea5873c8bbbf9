"""``python -m tests.api [--examples 40] [--seed 1]``: what others make of the API's description.

A real backend is asked by a client that openapi-python-client generates, every operation once, and
by Schemathesis, which looks for answers the description does not promise. Both are installed into
an environment of their own that goes with the command. Exit status 1 when something was found.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import httpx

from tests.api.asked import Asked
from tests.environments import fresh_environment

HERE: Final = Path(__file__).parent
TESTERS: Final = ("openapi-python-client>=0.29", "schemathesis>=4.32")
CLIENT: Final = "sendoff_client"
STREAM: Final = "/events"
"""Never ends, so no tester can wait for its end."""


def main() -> int:
    """Run both testers; returns 1 when one of them found something."""
    parser = argparse.ArgumentParser(prog="python -m tests.api")
    parser.add_argument("--examples", type=int, default=40, help="requests of an operation")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sendoff-api-") as scratch:
        folder = Path(scratch)
        programs = fresh_environment(folder / "environment", *TESTERS)
        with Asked(folder / "data") as asked:
            description = folder / "openapi.json"
            description.write_bytes(asked.get("/openapi.json"))
            found = [
                _generated_client(programs, folder, description, asked),
                _properties(programs, folder, asked, options.examples, options.seed),
            ]
        faults = asked.faults()
    print("\n".join(faults) or "Nothing failed inside the backend.", flush=True)
    return 1 if any(found) or faults else 0


def _generated_client(programs: Path, folder: Path, description: Path, asked: Asked) -> int:
    """Generate the client and call every operation with it."""
    print("Generated client", flush=True)
    generator = str(programs / "openapi-python-client")
    command = [generator, "generate", "--fail-on-warning", "--config", str(HERE / "client.yml")]
    command += ["--path", str(description), "--meta", "none", "--output-path", str(folder / CLIENT)]
    subprocess.run(command, check=True)
    script = [str(programs / "python"), str(HERE / "calls.py"), asked.url]
    environment = {**os.environ, "PYTHONPATH": str(folder), "SENDOFF_TOKEN": asked.token}
    return subprocess.run(script, env=environment, check=False).returncode


def _properties(programs: Path, folder: Path, asked: Asked, examples: int, seed: int) -> int:
    """Have Schemathesis look for answers that the description does not promise."""
    print("Properties", flush=True)
    command = [str(programs / "st"), "--config-file", str(HERE / "schemathesis.toml"), "run"]
    command += [f"{asked.url}/openapi.json", "--header", f"Authorization: Bearer {asked.token}"]
    command += ["--exclude-path", STREAM, "--max-examples", str(examples), "--seed", str(seed)]
    return subprocess.run(command, cwd=folder, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (subprocess.CalledProcessError, httpx.HTTPError) as error:
        sys.exit(str(error))
