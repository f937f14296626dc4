"""Mails: sent to a real server, read back; a server that fails is said, and nothing half-sent counts."""

import os
import shutil
import socket
import ssl
import subprocess
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from telltale import FOUR, ID, flip, flips, report, send

from dashboard.export import ExportError, make
from dashboard.exports.mail import Mail, MailOptions
from dashboard.exports.pictures import WIDTH, png

PICTURE = b"\x89PNG\r\n\x1a\nnot really"


class Inbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(envelope)
        return "250 OK"


class Refuses(Inbox):
    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("nobody"):
            return "550 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"


class Full(Inbox):
    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        return "452 mailbox full"


class HangsUp(Inbox):
    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        server.transport.close()
        return "250 never heard"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def serving(inbox, **options):
    server = Controller(inbox, hostname="127.0.0.1", port=free_port(), **options)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def mail(port, to=("board@example.org",), **options):
    section = {
        "host": "127.0.0.1",
        "port": port,
        "from": "Bellwether <b@example.org>",
        "to": list(to),
        "security": "none",
    }
    return Mail("board", MailOptions(**section | options), Path(), draw=lambda cells, indicator: PICTURE)


def sent(one, **options):
    inbox = Inbox()
    with serving(inbox) as port:
        send(mail(port, **options), one)
    return message_from_bytes(inbox.mails[0].content, policy=policy.default)


def body(message, kind):
    return message.get_body((kind,)).get_content()


def test_a_mail_has_words_pictures_and_plain_text():
    message = sent(report())
    assert message["Subject"] == "2 new alerts, 1 good news, 1 alert over – Acme, week of 16 November 2026"
    assert "Knowledge reuse has fallen: 31.5 %" in body(message, "plain")
    assert "Knowledge reuse has fallen: 31.5 %" in body(message, "html")
    pictures = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert [part["Content-ID"] for part in pictures] == [f"<chart{n}@bellwether>" for n in range(4)]
    assert all(f"cid:chart{n}@bellwether" in body(message, "html") for n in range(4))
    assert pictures[0].get_content() == PICTURE


def test_an_alert_without_published_cells_has_no_picture():
    message = sent(report(cells=FOUR.clear()))
    assert "<img" not in body(message, "html")


def test_names_are_shown_not_run():
    html = body(sent(report()), "html")
    assert "<b>Ops" not in html
    assert "Engineering &amp; &lt;b&gt;Ops&lt;/b&gt;" in html


def test_a_link_leads_to_the_page_of_that_unit():
    page = "https://learning.example.org/knowledge_reuse?unit=eng"
    message = sent(report())
    assert f'href="{page}"' in body(message, "html")
    assert page in body(message, "plain")


def test_without_an_address_there_is_no_link():
    message = sent(report(link=""))
    assert "<a " not in body(message, "html")
    assert "http" not in body(message, "plain")


def test_a_failing_source_stands_at_the_top():
    message = sent(report(failing=["Data from Chat is three weeks old; its indicators are held."]))
    for kind in ("plain", "html"):
        text = body(message, kind)
        assert 0 < text.index("Data from Chat") < text.rindex("Needs attention")


def test_every_try_of_one_delivery_has_the_same_message_id():
    assert sent(report())["Message-ID"] == f"<{ID}@example.org>"


def test_more_than_five_are_counted():
    message = sent(report(flips(*[flip("new", "link_rate", f"u{i}", f"Unit {i}") for i in range(9)])))
    assert "And 4 new alerts." in body(message, "plain")
    assert "Unit 5" not in body(message, "html")
    assert len([part for part in message.walk() if part.get_content_type() == "image/png"]) == 5


def test_each_recipient_gets_a_mail_of_their_own():
    inbox = Inbox()
    with serving(inbox) as port:
        way = mail(port, to=["a@example.org", "b@example.org"])
        for one in way.recipients:
            send(way, to=one.address)
    assert [one.rcpt_tos for one in inbox.mails] == [["a@example.org"], ["b@example.org"]]
    assert [message_from_bytes(one.content)["To"] for one in inbox.mails] == ["a@example.org", "b@example.org"]


def test_what_a_way_out_may_carry_holds_for_all_its_recipients():
    way = mail(25, to=["a@example.org", "b@example.org"], units=["sales"])
    assert [one.units for one in way.recipients] == [("sales",), ("sales",)]


@pytest.mark.parametrize(
    ("inbox", "to", "words", "doubtful", "lasting", "ready"),
    [
        (Refuses(), "nobody@example.org", r"refused nobody@example\.org \(550\)", False, True, 0),
        (Full(), "a@example.org", "answered 452", False, False, 1),
        (HangsUp(), "a@example.org", "hung up", True, False, 1),
    ],
)
def test_a_server_that_fails_is_said_and_whether_the_mail_may_have_arrived(inbox, to, words, doubtful, lasting, ready):
    told = []
    with serving(inbox) as port, pytest.raises(ExportError, match=words) as caught:
        send(mail(port, to=[to]), ready=lambda: told.append(1))
    assert (caught.value.doubtful, caught.value.lasting, len(told)) == (doubtful, lasting, ready)


def test_nobody_listening_is_said():
    with pytest.raises(ExportError, match=r"cannot be reached.*\[exports.board\]"):
        send(mail(free_port()))


def test_a_silent_server_times_out():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(ExportError, match=r"was silent for 0\.2 s"):
            send(mail(silent.getsockname()[1], timeout=0.2))


def test_a_server_without_encryption_gets_nothing_when_encryption_is_asked():
    inbox = Inbox()
    with serving(inbox) as port, pytest.raises(ExportError, match="does not offer starttls"):
        send(mail(port, security="starttls"))
    assert inbox.mails == []


def test_a_server_that_speaks_plain_on_a_tls_port_is_said():
    with serving(Inbox()) as port, pytest.raises(ExportError, match="fails at encryption"):
        send(mail(port, security="tls", timeout=5))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 of our own."""
    if not shutil.which("openssl"):
        assert not os.environ.get("CI"), "apt-get install openssl"
        pytest.skip("openssl is missing: apt-get install openssl")
    folder = tmp_path_factory.mktemp("certificate")
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", folder / "key.pem", "-out", folder / "ca.pem"]
    subprocess.run(["openssl", *words.split(), *files], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return folder / "ca.pem", context


def test_an_encrypted_mail_arrives_where_the_certificate_is_known(certificate):
    ca_file, context = certificate
    inbox = Inbox()
    with serving(inbox, tls_context=context, require_starttls=True) as port:
        send(mail(port, security="starttls", ca_file=str(ca_file)))
    assert len(inbox.mails) == 1


def test_a_certificate_nobody_vouches_for_is_refused(certificate):
    inbox = Inbox()
    server = serving(inbox, tls_context=certificate[1], require_starttls=True)
    with server as port, pytest.raises(ExportError, match="fails at encryption"):
        send(mail(port, security="starttls"))
    assert inbox.mails == []


def test_a_wrong_password_is_refused_and_never_quoted():
    def deny(*_):
        from aiosmtpd.smtp import AuthResult

        return AuthResult(success=False, handled=False)

    words = r"refused the login \(535\); check user and password"
    open_door = serving(Inbox(), authenticator=deny, auth_require_tls=False)
    with open_door as port, pytest.raises(ExportError, match=words) as caught:
        send(mail(port, user="me", password="canary-9"))
    assert "canary-9" not in str(caught.value)


def test_a_password_is_not_sent_in_the_clear_over_a_network(tmp_path):
    section = {"host": "smtp.example.org", "from": "b@example.org", "to": ["a@example.org"], "security": "none"}
    with pytest.raises(ExportError, match="not sent without encryption"):
        make("board", "mail", section | {"user": "me", "password": "canary-9"}, tmp_path)


def test_a_check_greets_without_sending():
    inbox = Inbox()
    with serving(inbox) as port:
        assert mail(port).check() == f"127.0.0.1:{port} answers"
    assert inbox.mails == []


@pytest.mark.parametrize("to", ["nobody", "a@example.org\nBcc: b@example.org", ""])
def test_what_is_no_address_is_refused(to, tmp_path):
    with pytest.raises(ExportError, match="is no mail address"):
        make("board", "mail", {"host": "h", "from": "b@example.org", "to": [to]}, tmp_path)


def test_a_picture_is_drawn_from_the_cells_at_twice_its_size():
    picture = png(report().drawn("knowledge_reuse", "eng"), "knowledge_reuse")
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") > 2 * WIDTH


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_mail_without_scrolling_sideways(tmp_path, scheme):
    chromium = shutil.which("chromium")
    if not chromium:
        assert not os.environ.get("CI"), "apt-get install chromium"
        pytest.skip("chromium is missing: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    page = tmp_path / "mail.html"
    page.write_text(body(sent(report()), "html"))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        seen = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
        seen.goto(page.as_uri())
        assert seen.evaluate("document.documentElement.scrollWidth") <= 390
        assert seen.get_by_role("img").count() == 4
        browser.close()


def test_secrets_are_not_in_repr():
    assert "canary-9" not in repr(mail(25, user="me", password="canary-9").options)
