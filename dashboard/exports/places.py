"""Where files are put: a folder of this machine, or a bucket that speaks S3."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr

from dashboard.export import ExportError

INSTALL = "install the extra `s3` (pip install 'bellwether[s3]')"


class Place(Protocol):
    """Takes whole files by name; the same name again replaces the file."""

    where: str

    def put(self, name: str, content: bytes) -> None: ...

    def probe(self) -> None: ...


class Folder:
    """A folder; made where it is missing."""

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path, self.where = name, path, str(path)

    def put(self, name: str, content: bytes) -> None:
        with self.writable():
            replace(self.path / name, content)

    def probe(self) -> None:
        self.put(".bellwether", b"")
        (self.path / ".bellwether").unlink()

    @contextmanager
    def writable(self) -> Iterator[None]:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            raise ExportError(
                f"{self.name}: {self.path} cannot be written ({error.strerror}); "
                f"make room or grant the right, or set another folder in [exports.{self.name}]"
            ) from None


def replace(path: Path, content: bytes) -> None:
    """The whole file or the old one: never half a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class Bucket:
    """A bucket and a prefix in it: `s3://bucket/reports`. `storage` holds keys, region and endpoint, where the machine
    does not know them itself."""

    def __init__(self, name: str, url: str, storage: Mapping[str, SecretStr]) -> None:
        self.name, self.where = name, url
        self.storage = storage

    def put(self, name: str, content: bytes) -> None:
        store, wrong = self.opened()
        try:
            store.put(name, content)
        except (wrong, OSError) as error:
            why = type(error).__name__.removesuffix("Error")
            raise ExportError(
                f"{self.name}: {self.where} did not take a file ({why}); "
                f"check folder and storage in [exports.{self.name}], and the right to write there"
            ) from None

    def probe(self) -> None:
        self.put(".bellwether", b"")

    def opened(self) -> tuple[Any, type[Exception]]:
        try:
            from obstore.exceptions import BaseError
            from obstore.store import from_url
        except ImportError:
            raise ExportError(
                f"{self.name}: a bucket needs a library that is not there; {INSTALL}, "
                f"or set a folder in [exports.{self.name}]",
                lasting=True,
            ) from None
        given: Any = {key.lower(): value.get_secret_value() for key, value in self.storage.items()}
        plain = given.get("aws_endpoint", "").startswith("http://")
        options: Any = {"timeout": "30s", "allow_http": plain}
        retry: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=30)}
        try:
            return from_url(self.where, config=given, client_options=options, retry_config=retry), BaseError
        except (BaseError, ValueError) as error:
            raise ExportError(
                f"{self.name}: {self.where} cannot be used ({type(error).__name__}); "
                f"write folder like s3://bucket/reports, and check storage, in [exports.{self.name}]",
                lasting=True,
            ) from None
