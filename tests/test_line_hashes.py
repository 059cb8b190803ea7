"""Hashes of lines are those that GitHub computes; the facts are github/codeql-action's."""

import pytest

from fixtests.text import line_hashes

GREETING = [
    *("e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1"),
    *("b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1"),
]


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
        (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", GREETING),
        (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", GREETING),
        (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", GREETING),
        (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", GREETING),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [
                *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)),
                *("a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1"),
                *("cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"),
            ],
        ),
        (
            "x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n",
            [
                *("e54938cc54b302f1:1", "bb609acbe9138d60:1", "1131fd5871777f34:1"),
                *("5c482a0f8b35ea28:1", "54517377da7028d2:1", "2c644846cb18d53e:1"),
                *("f1b89f20de0d133:1", "c129715d7a2bc9a3:1"),
            ],
        ),
    ],
    ids=["empty", "blanks", "lf", "cr", "crlf", "mixed", "repeated", "short"],
)
def test_hashes_are_those_of_the_upload_action(text, hashes):
    assert line_hashes.of(text.encode()) == hashes


def test_units_are_those_of_utf_16_and_the_mark_counts():
    one, two = line_hashes.of("é😀\n".encode()), line_hashes.of("\ufeffé😀\n".encode())
    units = [0xE9, 0xD83D, 0xDE00, 0x0A, 0xFFFF]
    expected = sum(unit * 37 ** (99 - at) for at, unit in enumerate(units)) % 2**64
    assert one[0] == f"{expected:x}:1"
    assert two[0] != one[0]
    assert two[1] == one[1]
