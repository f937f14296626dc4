"""A program of another house, run on a loopback port of its own with its data in one folder."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx2

HOUSE = Path(__file__).parents[2]
VENV = HOUSE / ".venv-servers"
HOW = "make servers"


class Server:
    """What every real server here can do: start, be killed in the middle of something, start again, stop.

    A kind says `needs` (programs and files it cannot do without), `command`, and the path that answers once it is up;
    `settle` writes its configuration before the first start and `welcome` makes the first account after it.
    """

    needs: tuple[str, ...] = ()
    answers = "/"
    patience = 180.0

    def __init__(self, folder):
        self.folder, self.port, self.process = Path(folder), free_port(), None
        self.url = f"http://127.0.0.1:{self.port}"
        self.settle()

    @classmethod
    def missing(cls):
        """Why it cannot run here and what to do about it; "" when it can."""
        gone = [need for need in cls.needs if not there(need)]
        return f"{cls.__name__} needs {', '.join(gone)}: {HOW}" if gone else ""

    def settle(self):
        """Write the configuration."""

    def welcome(self):
        """Make the first account."""

    def command(self):
        raise NotImplementedError

    def environment(self):
        return {}

    def run(self, *command, **more):
        """A program of this server's own that ends by itself; its words are shown when it fails."""
        surroundings = {"cwd": self.folder, "env": {**clean(), **self.environment()}}
        found = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
            **surroundings,
            **more,
        )
        assert found.returncode == 0, f"{command[0]} said {found.returncode}: {(found.stdout + found.stderr)[-2000:]}"
        return found.stdout

    def start(self):
        with (self.folder / "output.txt").open("ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in self.command()],
                cwd=self.folder,
                env={**clean(), **self.environment()},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.wait()
        return self

    def wait(self):
        until = time.monotonic() + self.patience
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(
                    f"{type(self).__name__} did not start:\n{(self.folder / 'output.txt').read_text()[-3000:]}"
                )
            time.sleep(0.05)

    def ready(self):
        try:
            return httpx2.get(self.url + self.answers, timeout=self.patience).status_code < 500
        except httpx2.TransportError:
            return False

    def stop(self):
        self.end(signal.SIGTERM)

    def kill(self):
        """As a power cut would: no goodbye, nothing flushed."""
        self.end(signal.SIGKILL)

    def end(self, sign):
        if self.process is None:
            return
        for each in (sign, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, each)
                self.process.wait(20)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self.process = None

    def ask(self, method, path, *, json=None, fine=(200, 201, 202, 204), **more):
        """One request as the administrator; the reply's JSON, or its text, or None."""
        reply = self.client().request(method, self.url + path, json=json, **more)
        assert reply.status_code in fine, f"{method} {path} answered {reply.status_code}: {reply.text[:500]}"
        return content(reply)

    def client(self):
        """A client that is the administrator."""
        if not hasattr(self, "opened"):
            self.opened = httpx2.Client(timeout=60, **self.credentials())
        return self.opened

    def credentials(self):
        return {}


def content(reply):
    try:
        return json.loads(reply.content) if reply.content else None
    except ValueError:
        return reply.text


def there(need):
    return Path(need).exists() if "/" in str(need) else shutil.which(need, path=places()) is not None


def places():
    """Where Debian keeps servers is not on everyone's path."""
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def clean():
    """The environment without what this test run's own Python would change in another's."""
    ours = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    return {**{key: value for key, value in os.environ.items() if key not in ours}, "PATH": places(), "TZ": "UTC"}


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]
