"""A mail: what changed, in words and pictures, to any SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, Self

import polars as pl
from jinja2 import Environment, FileSystemLoader, Template, select_autoescape
from pydantic import AfterValidator, Field, SecretStr, model_validator
from vl_convert import vegalite_to_png

from dashboard.charts import trend
from dashboard.export import ExportError, Options, export
from dashboard.exports.report import MARKS, Report, in_words, line
from metrics.indicator import indicators

PORTS = {"starttls": 587, "tls": 465, "none": 25}
HERE = ("localhost", "127.0.0.1", "::1")
WIDTH, HEIGHT = 400, 150  # small enough that its words can still be read on a phone

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
    timeout: Annotated[float, Field(gt=0)] = 30
    ca_file: str = ""

    @model_validator(mode="after")
    def no_password_in_the_clear(self) -> Self:
        if self.user and self.security == "none" and self.host not in HERE:
            raise ValueError("a password is not sent without encryption; set security to starttls or tls")
        return self


class Mail:
    """One mail a report: HTML with pictures inside, and the same as plain text."""

    def __init__(self, name: str, options: MailOptions, beside: Path, draw: Draw | None = None) -> None:
        self.name = name
        self.options = options
        self.ca_file = str(beside / options.ca_file) if options.ca_file else None
        self.draw = draw or drawn

    def send(self, report: Report) -> str:
        mail = written(report, self.options, self.draw)
        refused = self.talk(lambda server: server.send_message(mail))
        missed = f"; refused for {', '.join(refused)}" if refused else ""
        return f"mailed {len(self.options.to) - len(refused)} of {len(self.options.to)} addresses{missed}"

    def check(self) -> str:
        self.talk(lambda server: server.noop())
        return f"{self.where} answers"

    @property
    def port(self) -> int:
        return self.options.port or PORTS[self.options.security]

    @property
    def where(self) -> str:
        return f"{self.options.host}:{self.port}"

    def talk(self, say: Callable[[smtplib.SMTP], Any]) -> Any:
        """Speak with the server; whatever goes wrong says what to do about it."""
        try:
            return self.spoken(say)
        except smtplib.SMTPAuthenticationError as error:
            self.fail(f"refused the login ({error.smtp_code})", "check user and password")
        except smtplib.SMTPRecipientsRefused as error:
            self.fail(f"refused every address ({', '.join(error.recipients)})", "check `to`")
        except smtplib.SMTPResponseException as error:
            self.fail(f"answered {error.smtp_code}", "check `from`, `to` and the server's limits")
        except smtplib.SMTPNotSupportedError:
            self.fail(f"does not offer {self.options.security} or login", "set security and user to what it offers")
        except ssl.SSLError as error:
            self.fail(f"fails at encryption ({error.reason})", "check host, security and ca_file")
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
                self.fail(f"was silent for {self.options.timeout:g} s", "check host and port, or raise timeout")
            self.fail(f"cannot be reached or hung up ({type(error).__name__})", "check host and port")

    def spoken(self, say: Callable[[smtplib.SMTP], Any]) -> Any:
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
            answer = say(server)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()
        return answer

    def fail(self, what: str, then: str) -> NoReturn:
        raise ExportError(f"{self.name}: {self.where} {what}; {then} in [exports.{self.name}]") from None


@export("mail")
def mail(name: str, options: Mapping[str, Any], beside: Path) -> Mail:
    return Mail(name, MailOptions(**options), beside)


def written(report: Report, options: MailOptions, draw: Draw) -> EmailMessage:
    """The mail of a report; the same news has the same Message-ID."""
    alerts = report.full.to_dicts()
    pictures = {}
    for number, alert in enumerate(alerts):
        cells = report.drawn(alert["indicator"], alert["unit"])
        if not cells.is_empty():
            pictures[f"chart{number}"] = draw(cells, alert["indicator"])
    message = EmailMessage()
    message["Subject"] = report.subject
    message["From"] = options.sender
    message["To"] = ", ".join(options.to)
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{report.id}@{parseaddr(options.sender)[1].partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    words = {"report": report, "alerts": alerts, "marks": MARKS, "pictures": pictures, "day": in_words, "line": line}
    message.set_content(template("mail.txt").render(words), cte="quoted-printable")
    message.add_alternative(template("mail.html").render(words), subtype="html", cte="quoted-printable")
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


def drawn(cells: pl.DataFrame, indicator: str) -> bytes:
    """The trend as a picture on white, sharp on a phone."""
    chart = trend(cells, indicators()[indicator], WIDTH, HEIGHT)
    spec = chart.to_dict() | {"background": "#ffffff", "padding": 8}
    return vegalite_to_png(spec, scale=2, allowed_base_urls=[])
