"""Hypothesis strategies: modules that hold what the rules look for, in any place and any shape."""

import ast
import os

from hypothesis import strategies as st

TIMES = int(os.environ.get("FIXTESTS_EXAMPLES", "1"))  # how many times the usual examples

UUIDS = st.sampled_from(
    [
        "6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e11",
        "0d9c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e12",
        "AAAA3A2E-7B1D-4C55-9A0E-3D1F0B8C2E13",
        "00000000-0000-0000-0000-000000000000",
    ]
)
QUOTES = st.sampled_from(["'{}'", '"{}"', "'''{}'''", '"""{}"""', "u'{}'", "r'{}'"])
LITERALS = st.builds(str.format, QUOTES, UUIDS)

# What the rules react to, one entry a way to write it. Braces hold a literal UUID.
PATTERNS = {
    "FT101": [
        "self.attach(volume_id={0})",
        "self.attach({0})",
        "self.attach(1, image_id = {0},)",
        "self.attach(\n    server_id={0},  # why\n)",
        "self.attach(port_id=\\\n    {0})",
        "self.attach({{'volumeAttachment': {{'volumeId': {0}}}}})",
        "self.assertEqual({0}, found['volume_id'])",
        "volume_id = {0}",
        "self.volume_id = {0}",
        "ids = [{0}, {0}]",
        "given = {0} if port else {0}",
        "text = f'{{self.show({0})}}'",
        "text = 'at ' + {0} + ' é😀'",
        "found = found.get('image_id', {0})",
        "call = lambda image_id={0}: image_id",
        "a = {0}; self.attach(network_id=a); b = {0}",
        "class Inner:\n    image_id = {0}",
        "def inner(port_id={0}):\n    '''About {{}}.'''\n    return port_id",
        "@decorated({0})\ndef inner():\n    return {0}",
    ],
    "FT201": [
        "servers = self.api.get_servers()\nself.use(servers[0])",
        "servers = self.api.get_servers(); self.use(servers[ 0 ])",
        "self.use(self.api.get_flavors()[0]['id'])",
        "ports = self.api.get_ports()  # all\n# the first\nport = ports[\n    1\n]",
        "images = self.api.get_images()\nif images[0]: self.use(images[2])",
        "images = self.api.get_images()\nself.use(images[- 1], images[0])",
        "found = self.api.get_migrations() \\\n    or []\nself.use(found[0])",
        "for item in self.api.get_servers()[0]: self.use(item)",
        "self.found = self.api.get_servers()\nreturn self.found[0]",
    ],
    "FT301": [
        "server = self._create_server()",
        "server = self._create_server()  # made\nself.api.put_server(server['id'], {{}})",
        "server = self.api.post_server({{'server': {{}}}}); self.use(server)",
        "self.server = self._create_server(\n    name='é'\n)",
        "server = self. \\\n    _create_server()",
        "server = (self  # who\n    # what\n    ._create_server())",
        "with self.subTest(): server = self._create_server()",
        "self.api.post_aggregate({{'aggregate': {{'name': 'a'}}}})",
        "flavor = self.api.post_flavor({{'flavor': {{'id': {0}}}}})",
    ],
    "FT401": [
        "self.api.microversion = 'latest'",
        'self.api.microversion = "latest"  # newest',
        "self.api.microversion = self.admin_api.microversion = 'latest'",
        "self.api.microversion = '2.1'; self.api.microversion = 'latest'",
        "microversion = 'latest'",
        "headers = {{'x-openstack-nova-api-version': 'latest'}}",
        "self.use(microversion='latest')",
    ],
}
FILLERS = [
    "",
    "pass",
    "# comment (",
    "# 'quote\"",
    "x = 1  # noqa: FT101",
    "x = 1  # fixtests: ignore[FT201] reason",
    "'''a docstring\n  # noqa\n'''",
    "x = '''one\n\\'''two\n'''",
    "x = 'a\\\nb'",
    "x = (1 +\n2)",
    "x = \\\n  2",
    "if x: pass\nelse: pass",
    "@decorated\n# between\nclass Local: pass",
    "match x:\n    case [0]: pass",
    "async def later(): await x",
    "import os; import sys",
    "x = '\\N{BULLET} \u2028 é'",
    "global elsewhere",
]
AROUND = [
    "{}",
    "if x:\n{}\nelif y:\n    pass",
    "try:\n{}\nfinally:\n    pass",
    "with self.subTest() as x, y:\n{}",
    "for x in y:\n{}\nelse:\n    pass",
    "while x:\n{}\n    break",
    "def local(self):\n    '''Do.'''\n{}",
    "async def local(self):\n{}",
    "class Local(Other):\n{}",
    "match x:\n    case {{'a': 1}}:\n        pass\nif y:\n{}",
]
HEADS = [
    "",
    "import unittest\n",
    "import os\nfrom nova.tests.functional import integrated_helpers\n",
    '"""Doc\n\nstring."""\nfrom __future__ import annotations\n',
    "#!/usr/bin/env python\n# Copyright\n\nimport os; import sys\n",
    "VOLUME_ID = 1\nSERVER_ID = '6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e11'\n",
    "try:\n    import os\nexcept ImportError:\n    os = None\n",
    "# fixtests: ignore-file[FT301]\n",
]
BASES = ["unittest.TestCase", "integrated_helpers._IntegratedTestBase", "test.TestCase"]


def indented(text: str, by: str = "    ") -> str:
    """Indent the lines of a text, empty ones left alone."""
    return "\n".join(f"{by}{line}" if line else line for line in text.split("\n"))


@st.composite
def statements(draw, depth=3):
    """Some statements, the rules' patterns among them, nested at random."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from([*PATTERNS, *PATTERNS, "filler", "nested"]))
        if kind == "filler":
            text = draw(st.sampled_from(FILLERS))
        elif kind == "nested" and depth:
            inner = draw(statements(depth - 1)) + "\npass"
            text = draw(st.sampled_from(AROUND)).format(indented(inner))
        else:
            text = draw(st.sampled_from(PATTERNS.get(kind, PATTERNS["FT101"])))
            text = text.format(draw(LITERALS))
            comment = draw(st.sampled_from(["", "", "  # why", "  # noqa", "  # noqa: FT101"]))
            text += comment if "\n" not in text else ""
        found.append(text)
    return "\n".join(found)


@st.composite
def texts(draw):
    """The text of a module, with LF ends, that may or may not be Python."""
    parts = [draw(st.sampled_from(HEADS))]
    for number in range(draw(st.integers(1, 2))):
        base = draw(st.sampled_from(BASES))
        parts.append(f"\nclass Test{number}({base}):")
        if draw(st.booleans()):
            parts.append("    microversion = 'latest'")
        for method in range(draw(st.integers(1, 2))):
            gap = draw(st.sampled_from(["", "\n", "\n    # note\n", "\n# far left\n"]))
            mark = draw(st.sampled_from(["", "", "    @decorated(1)\n", "    @mock.patch('a')\n"]))
            body = indented(draw(statements()) + "\npass", "        ")
            parts.append(f"{gap}{mark}    def test_{method}(self):\n{body}")
        if draw(st.booleans()):
            one_line = draw(st.sampled_from([*PATTERNS["FT101"], *PATTERNS["FT401"]]))
            if "\n" not in one_line:
                one_line = one_line.format(draw(LITERALS))
                parts.append(f"\n    def test_short(self): {one_line}")
    return "\n".join(parts)


@st.composite
def contents(draw):
    """The bytes of a module, in any of the shapes that files come in."""
    text = draw(texts())
    if draw(st.integers(0, 4)) == 0:
        text = text.replace("        ", "\t\t").replace("    ", "\t")
    if draw(st.integers(0, 4)) == 0:
        text = text.replace("\n\n", "\n\f\n")
    text = text.rstrip("\n") + draw(
        st.sampled_from(["", "\n", "\n", "\n\n", "\n  ", "\n# end", "\n\f"])
    )
    encoding = draw(st.sampled_from(["utf-8"] * 6 + ["latin-1", "cp1252", "euc-jp", "utf-7"]))
    if encoding != "utf-8":
        text = f"# -*- coding: {encoding} -*-\n{text}"
    match draw(st.sampled_from(["lf", "lf", "crlf", "cr", "mixed"])):
        case "crlf":
            text = text.replace("\n", "\r\n")
        case "cr":
            text = text.replace("\n", "\r")
        case "mixed":
            lines = text.split("\n")
            ends = draw(st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=1, max_size=5))
            text = (
                "".join(line + ends[at % len(ends)] for at, line in enumerate(lines[:-1]))
                + lines[-1]
            )
    body = text.encode("utf-8" if encoding == "utf-7" else encoding, "replace")
    marked = encoding == "utf-8" and draw(st.integers(0, 4)) == 0
    mark = b"\xef\xbb\xbf" if marked else b""
    content = mark + body
    if draw(st.integers(0, 30)) == 0:
        at = draw(st.integers(0, len(content)))
        content = (
            content[:at] + draw(st.sampled_from([b"\0", b"\xff", b"(", b'"""'])) + content[at:]
        )
    return content


def is_python(content: bytes) -> bool:
    """Tell whether Python itself takes some bytes for a module."""
    try:
        ast.parse(content)
    except (SyntaxError, ValueError):
        return False
    return True
