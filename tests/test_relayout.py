"""Laying out lines anew: what is aligned follows, what is too long is broken."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtests.fixing import alignment
from fixtests.text.relayout import laid_out

LONG = "self.reader_security_groups_client"


def changed(text, old, new, length=79):
    ranges = {}
    at = text.find(old)
    while at >= 0:
        ranges[at, at + len(old)] = new
        at = text.find(old, at + len(old))
    found = laid_out(text, ranges, length)
    if found is None:
        return None
    for (start, end), content in sorted(found.items(), reverse=True):
        text = text[:start] + content + text[end:]
    return text


CASES = {
    "what is aligned follows": (
        "    x = s.c.list(a,\n                 b=f(c,\n                     d), e=[\n"
        "                         # why\n                         1])\n",
        "    x = s.reader.list(a,\n                      b=f(c,\n"
        "                          d), e=[\n"
        "                              # why\n                              1])\n",
        ("s.c", "s.reader"),
    ),
    "what hangs stays": (
        "    x = s.c.list(\n        a, b)\n",
        "    x = s.reader.list(\n        a, b)\n",
        ("s.c", "s.reader"),
    ),
    "a text of several lines stays": (
        "    x = s.c.list('''a\n  b''',\n                 c)\n",
        "    x = s.reader.list('''a\n  b''',\n                      c)\n",
        ("s.c", "s.reader"),
    ),
    "a call is broken after its bracket": (
        "        server = self.client.show_security_group(group['id'])['group']  # x\n",
        f"        server = {LONG}.show_security_group(\n            group['id'])['group']  # x\n",
        ("self.client", LONG),
    ),
    "a call without arguments goes between brackets": (
        "        security_groups = self.client.list_security_groups()\n",
        f"        security_groups = (\n            {LONG}.list_security_groups())\n",
        ("self.client", LONG),
    ),
    "a value of several lines goes between brackets": (
        "        many_security_groups = self.client.list_security_groups()[\n"
        "            'security_groups']\n",
        "        many_security_groups = (\n"
        f"            {LONG}.list_security_groups()[\n"
        "                'security_groups'])\n",
        ("self.client", LONG),
    ),
    "a line that only begins in a bracket is broken with the others": (
        "        cls.before = cls.shelves_client.list_shelves(detail=True,\n"
        "                                                     limit=10)['shelves']\n",
        "        cls.before = cls.reader_shelves_client.list_shelves(\n"
        "            detail=True, limit=10)['shelves']\n",
        ("cls.shelves_client", "cls.reader_shelves_client"),
    ),
    "lines that are not aligned are not moved": (
        "        pools = [x for x in\n"
        "            self.client.list_security_groups()['groups'] if x]\n",
        "        pools = [x for x in\n"
        f"            {LONG}.list_security_groups()[\n"
        "                'groups'] if x]\n",
        ("self.client", LONG),
    ),
    "a key follows the call that it is of": (
        "        groups = self.client.list_security_groups(name='default')[\n"
        "            'groups'][0]\n",
        f"        groups = {LONG}.list_security_groups(\n"
        "            name='default')['groups'][0]\n",
        ("self.client", LONG),
    ),
    "a chain is broken at its last dot": (
        "            (\n                self.client.list_security_group_rules_of())\n",
        f"            (\n                {LONG}\n"  # and then its dot
        "                .list_security_group_rules_of())\n",
        ("self.client", LONG),
    ),
    "arguments go below one another": (
        "        self.assertRaises(NotFound, self.client.show_security_group,\n"
        "                          non_exist_id)\n",
        "        self.assertRaises(NotFound,\n"
        "                          self.reader_security_client.show_security_group,\n"
        "                          non_exist_id)\n",
        ("self.client", "self.reader_security_client"),
    ),
    "lines of their own stay so": (
        "        group = (self.client.show_security_group(group['id'])\n"
        "                 ['security_group'])  # why\n",
        f"        group = (\n            {LONG}.show_security_group(group['id'])\n"
        "            ['security_group'])  # why\n",
        ("self.client", LONG),
    ),
    "the header of a block is broken deeper": (
        "        for thing in self.client.list_security_groups(argument, other):\n",
        f"        for thing in {LONG}.list_security_groups(\n                argument, other):\n",
        ("self.client", LONG),
    ),
    "a new call is broken at its own bracket": (
        "        a(b=name('x'), c=d)\n",
        "        a(\n            b=name(\n"
        "                prefix=CONF.resource_name_prefix_of_all_that_is_made,\n"
        "                name='x'),\n            c=d)\n",
        ("name('x')", "name(prefix=CONF.resource_name_prefix_of_all_that_is_made, name='x')"),
    ),
}


@pytest.mark.parametrize(("before", "after", "change"), CASES.values(), ids=list(CASES))
def test_lines_are_laid_out_anew(before, after, change):
    assert changed(before, *change) == after


def test_line_that_cannot_be_short_is_refused():
    assert changed("        return self.client.x\n", "self.client", "self." + "x" * 80) is None


def test_line_that_was_too_long_does_not_matter():
    text = "        x = f(a,\n              '" + "y" * 90 + "')\n"
    assert changed(text, "a,", "b,") == text.replace("a,", "b,")


NAMES = st.sampled_from(["a", "'text'", "b.c(d, e=f)", "[g, h]", "{'i': j}", "k['l']"])


@given(
    st.lists(NAMES, min_size=1, max_size=6),
    st.integers(1, 60),
    st.sampled_from([", ", ",\n           ", ",\n        "]),
    st.integers(40, 79),
)
def test_only_what_is_asked_for_changes(arguments, size, comma, length):
    text = f"    x = f.g({comma.join(arguments)})\n"
    result = changed(text, "f.g", "f" * size, length)
    if result is not None:
        expected = ast.parse(text.strip().replace("f.g", "f" * size))
        assert ast.dump(ast.parse(result.strip())) == ast.dump(expected)
        new = set(result.split("\n")) - set(text.split("\n"))
        assert all(len(line) <= length for line in new)


def test_backslash_goes_where_brackets_lead_on():
    text = "    where = a.b + \\\n            c + \\\n            d"
    change = [(text.index("a.b"), text.index("a.b") + 3, "the_name.b")]
    assert alignment.changed(text, change, 22) == (
        "    where = (\n        the_name.b +\n        c +\n        d)"
    )
    assert alignment.changed(text, change, 79) == text.replace("a.b", "the_name.b")
