"""A mail: what changed, in words and pictures, to any SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, Self

import polars as pl
from jinja2 import Environment, FileSystemLoader, Template, select_autoescape
from pydantic import AfterValidator, Field, SecretStr, model_validator

from dashboard.export import ExportError, Options, Ready, Recipient, export
from dashboard.exports.pictures import png
from dashboard.exports.report import MARKS, Report, in_words, line
from dashboard.exports.rows import rows

PORTS = {"starttls": 587, "tls": 465, "none": 25}
HERE = ("localhost", "127.0.0.1", "::1")

Draw = Callable[[pl.DataFrame, str], bytes]


def mailbox(text: str) -> str:
    if "\n" in text or "@" not in parseaddr(text)[1]:
        raise ValueError("is no mail address")
    return text


Mailbox = Annotated[str, AfterValidator(mailbox)]


class MailOptions(Options):
    host: str
    to: Annotated[list[Mailbox], Field(min_length=1)]
    sender: Annotated[Mailbox, Field(alias="from")]
    security: Literal["starttls", "tls", "none"] = "starttls"
    port: int = 0
    user: str = ""
    password: SecretStr = SecretStr("")
    timeout: Annotated[float, Field(gt=0, le=120)] = 30
    ca_file: str = ""

    @model_validator(mode="after")
    def no_password_in_the_clear(self) -> Self:
        if self.user and self.security == "none" and self.host not in HERE:
            raise ValueError("a password is not sent without encryption; set security to starttls or tls")
        return self


class Mail:
    """One mail a report and recipient: HTML with pictures inside, and the same as plain text."""

    def __init__(self, name: str, options: MailOptions, beside: Path, draw: Draw | None = None) -> None:
        self.name = name
        self.options = options
        self.ca_file = str(beside / options.ca_file) if options.ca_file else None
        self.draw = kept(draw or png)
        self.handed = False

    @property
    def recipients(self) -> list[Recipient]:
        return [Recipient(one, self.options.sees) for one in self.options.to]

    def pack(self, report: Report, to: str, id: str) -> bytes:
        return written(report, self.options.sender, to, id, self.draw).as_bytes(policy=SMTP)

    def hand(self, packed: bytes, to: str, id: str, ready: Ready) -> str:
        """Sender and recipient are agreed on first; only then is the mail about to arrive."""

        def say(server: smtplib.SMTP) -> None:
            agreed(server.mail(parseaddr(self.options.sender)[1]))
            agreed(server.rcpt(parseaddr(to)[1]), to)
            ready()
            self.handed = True
            agreed(server.data(packed))

        self.handed = False
        self.talk(say)
        return f"mailed to {to}"

    def check(self) -> str:
        self.talk(lambda server: server.noop())
        return f"{self.where} answers"

    @property
    def port(self) -> int:
        return self.options.port or PORTS[self.options.security]

    @property
    def where(self) -> str:
        return f"{self.options.host}:{self.port}"

    def talk(self, say: Callable[[smtplib.SMTP], Any]) -> None:
        """Speak with the server; whatever goes wrong says what to do about it."""
        try:
            self.spoken(say)
        except smtplib.SMTPAuthenticationError as error:
            self.fail(f"refused the login ({error.smtp_code})", "check user and password", lasting=True)
        except smtplib.SMTPRecipientsRefused as error:
            address, (code, _) = next(iter(error.recipients.items()))
            self.fail(f"refused {address} ({code})", "check `to`", lasting=code >= 500)
        except smtplib.SMTPResponseException as error:
            self.handed = False
            code = error.smtp_code
            self.fail(f"answered {code}", "check `from`, `to` and the server's limits", lasting=code >= 500)
        except smtplib.SMTPNotSupportedError:
            self.fail(
                f"does not offer {self.options.security} or login",
                "set security and user to what it offers",
                lasting=True,
            )
        except ssl.SSLError as error:
            self.fail(
                f"fails at encryption ({error.reason})", "check host, security and ca_file", lasting=not self.handed
            )
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
                self.fail(f"was silent for {self.options.timeout:g} s", "check host and port, or raise timeout")
            self.fail(f"cannot be reached or hung up ({type(error).__name__})", "check host and port")

    def spoken(self, say: Callable[[smtplib.SMTP], Any]) -> None:
        """A conversation, encrypted before a password is said; a bad goodbye undoes nothing."""
        one = self.options
        context = ssl.create_default_context(cafile=self.ca_file)
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(one.host, self.port, timeout=one.timeout, context=context)
            if one.security == "tls"
            else smtplib.SMTP(one.host, self.port, timeout=one.timeout)
        )
        try:
            if one.security == "starttls":
                server.starttls(context=context)
            if one.user:
                server.login(one.user, one.password.get_secret_value())
            server.ehlo_or_helo_if_needed()
            say(server)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def fail(self, what: str, then: str, *, lasting: bool = False) -> NoReturn:
        words = f"{self.name}: {self.where} {what}; {then} in [exports.{self.name}]"
        raise ExportError(words, lasting=lasting, doubtful=self.handed) from None


@export("mail")
def mail(name: str, options: Mapping[str, Any], beside: Path) -> Mail:
    return Mail(name, MailOptions(**options), beside)


def agreed(answer: tuple[int, bytes], to: str = "") -> None:
    """A server's answer to one command, or the refusal it is; of an address, where one is named."""
    code, words = answer
    if code in (250, 251):
        return
    raise smtplib.SMTPRecipientsRefused({to: (code, words)}) if to else smtplib.SMTPResponseException(code, words)


def kept(draw: Draw) -> Draw:
    """Each picture drawn once, however many get it."""
    drawn: dict[tuple[str, str, int], bytes] = {}

    def again(cells: pl.DataFrame, indicator: str) -> bytes:
        key = indicator, str(cells["unit"][0]), int(cells.hash_rows().sum())
        if key not in drawn:
            drawn[key] = draw(cells, indicator)
        return drawn[key]

    return again


def written(report: Report, sender: str, to: str, id: str, draw: Draw) -> EmailMessage:
    """The mail of a report to one recipient; every try of one delivery has the same Message-ID."""
    alerts = report.full.to_dicts()
    pictures = {}
    for number, alert in enumerate(alerts):
        cells = report.drawn(alert["indicator"], alert["unit"])
        if not cells.is_empty():
            pictures[f"chart{number}"] = draw(cells, alert["indicator"])
    message = EmailMessage()
    message["Subject"] = report.subject
    message["From"] = sender
    message["To"] = to
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{id}@{parseaddr(sender)[1].partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    told = {"report": report, "alerts": alerts, "marks": MARKS, "pictures": pictures, "day": in_words, "line": line}
    told["tables"] = [(title, rows(report, shown), more) for title, shown, more in report.tables]
    message.set_content(template("mail.txt").render(told), cte="quoted-printable")
    message.add_alternative(template("mail.html").render(told), subtype="html", cte="quoted-printable")
    page = message.get_body(("html",))
    assert page is not None
    for name, picture in pictures.items():
        page.add_related(
            picture, "image", "png", cid=f"<{name}@bellwether>", filename=f"{name}.png", disposition="inline"
        )
    return message


@cache
def template(name: str) -> Template:
    """A template beside this file; what comes from data is escaped where it is HTML."""
    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(
        loader=loader, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    ).get_template(name)
