"""The workflows of continuous integration and release: ``python -m tests.workflows [--run]``.

They have to fit GitHub's schema, and zizmor has to find nothing in them. With ``--run`` the
commands of the release's Linux job are run in a bare Debian 12, one after the other, on the last
commit: each finds only what one before it has installed. That takes root, ``debootstrap`` and ten
minutes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import yaml

from tests.environments import fresh_environment
from tests.packages import bare_system

ROOT: Final = Path(__file__).resolve().parents[1]
GITHUB: Final = ROOT / ".github"
SCHEMAS: Final = {
    "vendor.github-workflows": "workflows/*.yml",
    "vendor.github-issue-config": "ISSUE_TEMPLATE/config.yml",
    "vendor.github-issue-forms": "ISSUE_TEMPLATE/[!c]*.yml",
}
RELEASES: Final = {"debian:12": "bookworm"}
"""The container's image → the system that debootstrap makes."""
RUNNER: Final = 1001
"""Who owns the checkout: the runner, while its container's commands are root."""


def main() -> int:
    """Check the files, and run the job if that is asked for; returns 0 when nothing is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.workflows", description=__doc__)
    parser.add_argument("--run", action="store_true", help="run the release's Linux job")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sendoff-workflows-") as scratch:
        folder = Path(scratch)
        tools = fresh_environment(folder / "tools", "check-jsonschema", "zizmor")
        for schema, pattern in SCHEMAS.items():
            files = sorted(map(str, GITHUB.glob(pattern)))
            check = [str(tools / "check-jsonschema"), "--builtin-schema", schema, *files]
            subprocess.run(check, check=True)
        subprocess.run([tools / "zizmor", "--offline", "--no-progress", GITHUB], check=True)
        if asked.run:
            job = yaml.safe_load((GITHUB / "workflows" / "release.yml").read_text())["jobs"][
                "linux"
            ]
            with bare_system(folder / "system", RELEASES[job["container"]]) as root:
                run_job(job["steps"], root)
    return 0


def run_job(steps: list[dict[str, Any]], root: Path) -> None:
    """Run the steps in a bare system; the actions that they use are done here in their place."""
    workspace = root / "workspace"
    for step in steps:
        action = step.get("uses", "").partition("@")[0]
        print(f"── {action or step['run']}", flush=True)
        if action == "actions/checkout":
            subprocess.run(["git", "clone", "--quiet", ROOT, workspace], check=True)
            subprocess.run(["chown", "--recursive", str(RUNNER), workspace], check=True)
            for lock in ("requirements-pip.lock", "requirements-dev.lock"):
                fetch_packages(root / "packages", lock)
        elif action == "actions/upload-artifact":
            kept = {each: [*workspace.glob(each)] for each in step["with"]["path"].split()}
            assert all(kept.values()), kept
        else:
            run(root, step["run"], "/workspace" if workspace.exists() else "/")


def fetch_packages(folder: Path, lock: str, *more: str) -> None:
    """Fetch the packages of a lock, and more, with this machine's pip, whatever index it has."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(folder)]
    subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", ROOT / lock], check=True)
    if more:
        subprocess.run([*pip, *more], check=True)


def run(root: Path, command: str, folder: str) -> None:
    """Run a command as root of the system, which finds the packages that were fetched."""
    environment = {
        "HOME": "/root",
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "DEBIAN_FRONTEND": "noninteractive",
        "GITHUB_WORKSPACE": "/workspace",
        "PIP_FIND_LINKS": "/packages",
        "PIP_NO_INDEX": "1",
    }
    script = f"cd {folder}\n{command}"
    shell = ["chroot", str(root), "/bin/bash", "-e", "-o", "pipefail", "-c", script]
    subprocess.run(shell, env=environment, check=True)


if __name__ == "__main__":
    if "--run" in sys.argv and os.geteuid() != 0:
        sys.exit("Only root can make a bare system.")
    sys.exit(main())
