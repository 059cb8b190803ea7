"""Mails: their bodies in each encoding, what is quoted in them, and what only greets and signs."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from conftest import fixtests, topics
from fixtests.review import claims
from fixtests.review.claim import Asks
from test_review import CODE, verdicts

UUIDS = [f"6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e1{digit}" for digit in range(3)]
PATH = "tests/functional/regressions/test_one_with_a_name_that_is_long_enough_to_be_wrapped.py"
BODY = f"""\
Hi all,

some remarks about {PATH}, which I have read today:

> self.stop(volume_id = '{UUIDS[1]}')

please give this UUID a name \N{EN DASH} thanks!

Best,
J\N{LATIN SMALL LETTER U WITH DIAERESIS}rgen
"""
PAGE = f"""\
<html><head><style>p {{ color: red }}</style></head><body><p>Hi all,</p>
<p>some remarks about <a href="x">{PATH}</a>:</p>
<blockquote><pre>self.stop(volume_id = '{UUIDS[1]}')</pre></blockquote>
<p>please give this UUID<br>a name &ndash; thanks!</p><p>Best,<br>J&uuml;rgen</p></body></html>
"""


@pytest.fixture
def named(tree):
    """A tree with a test of three literals, and a long path."""
    path = tree / PATH
    path.parent.mkdir(parents=True)
    more = f"        self.stop(volume_id = '{UUIDS[1]}')\n        self.plug(port_id='{UUIDS[2]}')\n"
    path.write_text(CODE.format(uuid=UUIDS[0]) + more)
    return tree


def mail(encoding, charset="utf-8"):
    message = EmailMessage(policy=SMTP)
    message["From"] = "J\N{LATIN SMALL LETTER U WITH DIAERESIS}rgen <j@example.org>"
    message["Subject"] = "Re: [PATCH] tests"
    message.set_content(BODY, cte=encoding, charset=charset)
    return message


def alternatives():
    message = mail("quoted-printable")
    message.add_alternative(PAGE, subtype="html")
    message.add_attachment(b"\0\1", maintype="application", subtype="octet-stream")
    return message


def page():
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "Re: [PATCH] tests"
    message.set_content(PAGE, subtype="html", cte="base64")
    return message


def mailbox():
    begin = b"From j@example.org Thu Jan  1 00:00:00 2026\n"
    thanks = EmailMessage()
    thanks["Subject"] = "Re: [PATCH] tests"
    thanks.set_content("Thanks!\n")
    return begin + bytes(mail("base64")) + b"\n" + begin + bytes(thanks)


@pytest.mark.parametrize(
    "end",
    [
        "Jane",
        "Jane Doe",
        "Jane Doe (Example)",
        "J. Doe, Example Corp",
        "--Jane",
        "/Jane",
        "~ Jane",
        "Best, Jane",
        "Best,\nJane",
        "Cheers, Jane",
        "Cheers\nJane Doe\nEngineer, Example Corp",
        "Thanks,\nJane",
        "Kind regards\n\nJane",
        "Regards, J.",
        "-- \nJane\nExample\n+49 30 1234",
        "Thanks!\n\nJane",
        "Yours sincerely,\n\nJane Doe",
        "Thank you.\nJane",
        "BR, Jane",
    ],
)
@pytest.mark.parametrize("body", [
    "Hi Bob,\n\nin tests/test_one.py, line 13 has a UUID without a name.",
    "- tests/test_one.py:13: a UUID without a name",
    "tests/test_one.py:13: a UUID without a name",
])  # fmt: skip
def test_greetings_and_names_are_no_findings(tree, body, end):
    (tree / "tests/test_one.py").write_text(CODE.format(uuid=UUIDS[0]))
    (tree / "review.txt").write_text(f"{body}\n\n{end}\n")
    reading = claims.load(tree / "review.txt", topics())
    assert [item.asks for item in reading.claims] == [Asks.CHANGE]
    assert reading.unread == ()


@pytest.mark.parametrize("end", ["Typo?", "Unpinned Microversion", "FT201", "Missing Docstring"])
def test_remark_in_the_end_is_no_name(tree, end):
    (tree / "review.txt").write_text(f"- tests/test_one.py:13: a UUID without a name\n\n{end}\n")
    reading = claims.load(tree / "review.txt", topics())
    assert len(reading.claims) == 2


MAILS = {
    "7bit": lambda: bytes(mail("8bit")),
    "base64": lambda: bytes(mail("base64")),
    "quoted-printable": lambda: bytes(mail("quoted-printable")),
    "latin-1": lambda: bytes(mail("8bit", "cp1252")),
    "alternatives": lambda: bytes(alternatives()),
    "page": lambda: bytes(page()),
    "mailbox": mailbox,
}


@pytest.mark.parametrize("kind", MAILS)
def test_body_of_a_mail_is_decoded(named, kind):
    (named / "review.eml").write_bytes(MAILS[kind]())
    said = fixtests("review", "review.eml", folder=named)
    assert verdicts(said) == ["fixed"], said.text + said.err
    changed = [line for line in said.out.decode().splitlines() if line.startswith("-  ")]
    assert changed == [f"-        self.stop(volume_id = '{UUIDS[1]}')"]
    assert "please give this UUID" in said.text
