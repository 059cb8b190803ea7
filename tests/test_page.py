"""The page: one file that is read without scripts, whatever stands in the sources."""

import base64
import hashlib
import itertools
import json
import os
import re
import sys
from pathlib import Path

import pytest

from conftest import A_UUID, fixed, fixtests, git, module
from fixtests.report.page import owners
from pages import parsed

LABELLED = ("input", "select", "textarea", "output")
HOSTILE = (
    "</code></pre></script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "<!-- --> ]]> &lt; &amp; {{ 7 * 7 }} {% raw %}",
    "a\x1b[31mred\x07 \x0c \x7f \x85",
    "\u202egnp.txt\u2066 \u200f \ufeff",
    "\U0001f600 \u00fc",
)
INVISIBLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def page(tree, *arguments, code=1):
    answer = fixtests(*(arguments or ("check",)), "--output-format", "html", folder=tree)
    assert answer.code == code, answer.err
    return parsed(answer.out.decode())


def entries(tree, *arguments):
    answer = fixtests("check", "--output-format", "json", *arguments, folder=tree)
    return json.loads(answer.out)


def findings(top):
    return list(top.all("details", cls="finding"))


def planned(tree, *arguments):
    fixtests("plan", "-o", "plan.json", *arguments, folder=tree)
    return tree / "plan.json"


def shown_lines(finding, *names):
    """Return the lines of some parts of a finding's diff by their numbers."""
    found = {}
    for part in finding.all():
        if part.tag in names or any(part.has("cls", name) for name in names):
            for line in part.all("code"):
                found[int(line["data-n"])] = line.text
    return found


def test_every_finding_is_there_once_and_counted(suite):
    top = page(suite, "check", "--select", "ALL")
    found = entries(suite, "--select", "ALL")
    assert [item["id"] for item in findings(top)] == [item["fingerprint"] for item in found]
    for shown, entry in zip(findings(top), found, strict=True):
        assert shown["data-rule"] == entry["code"]
        assert shown["data-tier"] == entry["applicability"]
        summary = next(shown.all("summary")).text
        place = entry["location"]
        assert f"{place['row']}:{place['column']} {entry['code']} " in summary
        assert entry["message"].replace("`", "") in summary
        assert (entry["reason"] or "").replace("`", "") in shown.text
        assert (entry["hint"] or "").replace("`", "") in shown.text
    for table in top.all("table"):
        rows = [[cell.text for cell in row.all("td")] for row in table.all("tr")]
        assert sum(int(row[-1]) for row in rows if row) == len(found)
        assert all(sum(int(cell or 0) for cell in row[:-1]) == int(row[-1]) for row in rows if row)
    rules = {item["code"] for item in found}
    assert {item["id"] for item in top.all("article")} == {f"rule-{code}" for code in rules}


def test_page_needs_nothing_but_itself(suite):
    top = page(suite, "check", "--select", "ALL")
    ids = [item["id"] for item in top.all() if "id" in item.attributes]
    assert len(ids) == len(set(ids))
    for item in top.all():
        assert not {"src", "srcset", "action", "style"} & item.attributes.keys()
        assert not [name for name in item.attributes if name.startswith("on")]
        assert item.tag not in ("link", "img", "iframe", "object", "base")
        if "href" in item.attributes:
            assert item["href"].startswith("#")
            assert item["href"][1:] in ids
    style, script = next(top.all("style")).parts[0], next(top.all("script")).parts[0]
    assert not re.search(r"url\(|@import|https?:", style + script)
    policy = top.one("meta", http_equiv="Content-Security-Policy")["content"]
    assert policy.startswith("default-src 'none'; ")
    for kind, text in (("style", style), ("script", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_page_can_be_read_without_scripts(suite):
    top = page(suite, "plan-edit", planned(suite), code=0)
    shown = findings(top)
    assert shown
    assert all("hidden" not in item.attributes for item in (*shown, *top.all("section")))
    assert "hidden" in top.one("form").attributes
    assert "hidden" in top.one("aside").attributes
    for item in shown:
        assert next(part.tag for part in item.parts if not isinstance(part, str)) == "summary"
        command = item.one("code", cls="command").text
        assert command == f"fixtests plan-edit {suite}/plan.json --drop {item['id']}"


def test_page_is_labelled_and_in_order(suite):
    top = page(suite, "plan-edit", planned(suite), code=0)
    assert top.one("html")["lang"] == "en"
    for tag in ("main", "header", "footer", "nav", "aside", "h1"):
        top.one(tag)
    labelled = {id(item) for label in top.all("label") for item in label.all()}
    for tag in LABELLED:
        for item in top.all(tag):
            named = "aria-label" in item.attributes or "aria-live" in item.attributes
            assert named or id(item) in labelled
    levels = [int(item.tag[1]) for item in top.all() if re.fullmatch("h[1-6]", item.tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for section in top.all("section"):
        if "aria-labelledby" in section.attributes:
            section.one("h2", id=section["aria-labelledby"])
    for table in top.all("table"):
        table.one("caption")
        assert {item["scope"] for item in table.all("th")} == {"col", "row"}


def test_diff_has_the_lines_before_and_after(tree):
    text = module().decode() + "".join(f"        self.more({number})\n" for number in range(9))
    (tree / "tests/test_one.py").write_text(text)
    (finding,) = findings(page(tree))
    fixtests(folder=tree)
    after = (tree / "tests/test_one.py").read_text().splitlines(keepends=True)
    before = text.splitlines(keepends=True)
    old, new = shown_lines(finding, "same", "del"), shown_lines(finding, "copy", "ins")
    assert {7, 4, 10} <= old.keys()
    assert {9, 3} <= new.keys()
    assert old == {number: before[number - 1] for number in old}
    assert new == {number: after[number - 1] for number in new}
    assert [item.text for item in finding.all("mark")] == [f"'{A_UUID}'"]
    assert all(item.has("aria_hidden", "true") for item in finding.all("span", cls="copy"))
    assert shown_lines(finding, "del").keys() == {7}
    assert shown_lines(finding, "ins").keys() == {2, 3, 9}  # a blank line, the constant, its use


def test_finding_without_a_fix_is_shown_where_it_stands(suite):
    top = page(suite, "check", "--select", "FT601")
    for item in findings(top):
        lines = shown_lines(item, "same")
        row = int(next(item.all("summary")).text.partition(":")[0])
        assert min(lines) >= row - 3
        assert max(lines) <= row + 3
        assert item.one("mark").text in lines[row]
        assert not list(item.all("ins"))


def test_colours_know_of_the_string_around_the_first_line(tree):
    text = "".join(f"        def not_code_{number}(): pass\n" for number in range(9))
    source = (
        module()
        .decode()
        .replace(
            "        self.attach(", f'        """Says.\n\n{text}        """\n        self.attach('
        )
    )
    (tree / "tests/test_one.py").write_text(source)
    (finding,) = findings(page(tree))
    for line in finding.all("code"):
        if "not_code" in line.text:
            assert [item["class"] for item in line.all("span")] == ["s"]


@pytest.mark.parametrize("text", HOSTILE)
def test_sources_cannot_get_out_of_their_place(tree, text):
    source = module().decode().replace("self.attach(", f"self.attach({text!a}, ")
    source = source.replace("import unittest\n", f"# {text}\nimport unittest\n")
    source = source.replace("    def test", f"    # {text}\n    def test")
    (tree / "tests/test_one.py").write_text(source)
    name = f"test_{text.replace('/', '')[:40]}.py"
    (tree / "tests" / name).write_text(source)
    answer = fixtests("check", "--output-format", "html", folder=tree)
    assert answer.code == 1, answer.err
    top = parsed(answer.out.decode())
    assert len(list(top.all("script"))) == 1
    assert not list(top.all("img"))
    assert not INVISIBLE.search(answer.out.decode().replace("\f", "\\f"))
    assert len(findings(top)) == 2
    shown = text.translate(dict.fromkeys(range(32)))
    for word in re.findall(r"[\w<>/{}&;]{6,}", shown):
        assert any(word in line.text for line in top.all("code")), word


def test_name_that_is_no_text_does_not_break_the_page(tree):
    (tree / "tests/test_one.py").rename(tree / os.fsdecode(b"tests/test_<b>\xff.py"))
    file = tree.with_name("page.html")
    answer = fixtests("check", "--output-format", "html", "-o", file, folder=tree)
    assert answer.code == 1, answer.err
    top = parsed(file.read_bytes().decode())
    assert next(top.all("h3")).text == "tests/test_<b>\\udcff.py"


@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["crlf", "cr"])
def test_other_line_ends_are_shown(tree, end):
    (tree / "tests/test_one.py").write_bytes(module().replace(b"\n", end.encode()))
    (finding,) = findings(page(tree))
    assert "self.attach(volume_id=VOLUME_ID)" in finding.text
    assert "\r" not in finding.text


def test_other_encoding_is_shown(tree):
    text = "# coding: latin-1\n" + module().decode().replace("def test", "# ünï\n    def test")
    (tree / "tests/test_one.py").write_bytes(text.encode("latin-1"))
    (finding,) = findings(page(tree))
    assert "# ünï" in finding.text


def test_constant_in_another_module_is_named(tree):
    (tree / "fixtests.toml").write_text(
        'root = true\n[literal-uuid]\nconstants-module = "tests/constants.py"\n'
    )
    (finding,) = findings(page(tree))
    assert f"In tests/constants.py: VOLUME_ID = '{A_UUID}'" in finding.text


def test_files_that_failed_are_named(tree):
    (tree / "tests/test_two.py").write_text("x = (\n")
    top = page(tree, code=2)
    assert "tests/test_two.py:1 line 1: " in top.one("section", id="failures").text
    assert len(findings(top)) == 1


def test_nothing_found_is_a_page_that_says_so(tree):
    (tree / "tests/test_one.py").write_text("x = 1\n")
    top = page(tree, code=0)
    assert "0 findings in 0 files" in top.text
    assert "Nothing was found." in top.text


def test_same_finding_of_two_projects_has_two_places(tree):
    other = tree.with_name("other")
    (other / "tests").mkdir(parents=True)
    for name in ("fixtests.toml", "tests/test_one.py"):
        (other / name).write_bytes((tree / name).read_bytes())
    first, second = (item["id"] for item in findings(page(tree.parent)))
    assert second == f"{first}-2"


def test_dry_run_says_what_would_be_fixed(suite):
    top = page(suite, "--dry-run")
    states = {
        (item["data-tier"], list(item.all("span", cls="tier"))[1].text) for item in findings(top)
    }
    assert states == {("safe", "planned"), ("unsafe", "left"), ("display", "left")}
    assert not list(top.all("aside"))


def test_configured_format_is_none_of_a_dry_run(tree):
    (tree / "fixtests.toml").write_text('root = true\noutput-format = "html"\n')
    assert fixtests("--dry-run", folder=tree).text.startswith("diff --git ")
    assert fixtests("check", folder=tree).text.startswith("<!doctype html>")


def test_page_of_a_plan_shows_its_proofs(suite):
    plan = planned(suite, "--unsafe-fixes")
    body = json.loads(plan.read_text())
    entry = body["files"][0]["findings"][0]
    entry["proof"] = {
        "verdict": "not judged", "tests": ["a.b"], "reason": "it fails <b>anyway</b>",
        "failure": "Traceback\n  </pre> end", "mutant": "", "tree": "", "when": "",
    }  # fmt: skip
    plan.write_text(json.dumps(body))
    top = page(suite, "plan-edit", plan, code=0)
    shown = top.one("details", id=entry["fingerprint"])
    assert "not judged: it fails <b>anyway</b>" in shown.text
    assert "  </pre> end" in shown.text
    assert len(findings(top)) == sum(len(item["findings"]) for item in body["files"])
    selected = [i for item in body["files"] for i in item["findings"] if i["selected"]]
    assert f"The plan {plan} fixes {len(selected)} of them." in top.text
    command = top.one("aside")["data-command"]
    drop = [*command.split()[1:], entry["fingerprint"]]
    assert fixtests(*drop, folder=suite).code == 0
    left = [i["fingerprint"] for f in json.loads(plan.read_text())["files"] for i in f["findings"]]
    assert len(left) == len(findings(top)) - 1
    assert entry["fingerprint"] not in left


def test_page_of_a_plan_names_files_that_have_moved(suite):
    plan = planned(suite)
    path = json.loads(plan.read_text())["files"][0]["path"]
    (suite / path).write_text("x = 1\n")
    top = page(suite, "plan-edit", plan, code=2)
    assert f"{path}:1 changed since it was read" in top.one("section", id="failures").text
    assert path not in {next(item.all("h3")).text for item in top.all("section", cls="file")}


def test_page_and_drops_are_two_things(suite):
    answer = fixtests(
        "plan-edit", planned(suite), "--drop", "FT101", "--output-format", "html", folder=suite
    )
    assert answer.code == 2
    assert "--drop lists nothing; leave --output-format and --output-file out" in answer.err


@pytest.mark.parametrize("form", ["text", "html"])
def test_list_of_a_plan_does_not_replace_it(suite, form):
    plan = planned(suite)
    before = plan.read_bytes()
    arguments = ("plan-edit", "plan.json", "--output-format", form, "-o", plan)
    answer = fixtests(*arguments, folder=suite)
    assert (answer.code, plan.read_bytes()) == (2, before)
    assert answer.err == f"error: {plan}: is the plan itself; name another file for the list\n"


def test_list_of_a_plan_can_be_saved(suite):
    plan = planned(suite)
    listed = fixtests("plan-edit", plan, folder=suite).out
    file = suite / "list.txt"
    assert fixtests("plan-edit", plan, "-o", file, folder=suite).out == b""
    assert file.read_bytes() == listed != b""


def test_owners_are_those_of_the_repository(tree):
    git(tree, "init", "-q")
    assert [item["data-owner"] for item in page(tree).all("section", cls="file")] == ["nobody"]
    (tree / "CODEOWNERS").write_text("# ours\n*.md @writers\n/tests/ @keepers ops@example.org\n")
    top = page(tree)
    (file,) = top.all("section", cls="file")
    assert file["data-owner"] == "@keepers ops@example.org"
    assert next(file.all("h3")).text == "tests/test_one.py @keepers ops@example.org"
    rows = [item["data-value"] for item in top.all("a", **{"data-filter": "owner"})]
    assert rows == ["@keepers", "ops@example.org"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* @all", ("@all",)),
        ("* @all\ntests/ @tests", ("@tests",)),
        ("tests/ @tests\n* @all", ("@all",)),
        ("*.py @python", ("@python",)),
        ("/a/*.py @a", ()),
        ("a/* @a", ()),
        ("/a/**/test_*.py @deep", ("@deep",)),
        ("a/tests @folder", ("@folder",)),
        ("tests @anywhere", ("@anywhere",)),
        ("/tests @top", ()),
        ("a/tests/test_o?e.py @one @two # not @this", ("@one", "@two")),
        ("* @all\na/tests/", ()),
        ("[Section] @usual\na/tests/", ("@usual",)),
        ("^[Section][2] @usual\na/tests/ @own", ("@own",)),
        ("* @all\n[Tests]\ntests/ @tests", ("@all", "@tests")),
        ("a/te[s]ts/ @literal", ()),
        (r"a/tests/test\_one.py @quoted", ("@quoted",)),
        ("", ()),
    ],
)
def test_code_owners_are_read_as_github_and_gitlab_do(text, expected):
    found = {
        item.section: item.owners
        for item in owners.parsed(text)
        if item.pattern.fullmatch("a/tests/test_one.py")
    }
    assert tuple(owner for owners in found.values() for owner in owners) == expected


@pytest.mark.parametrize("arguments", [("check",), ("plan-edit", "plan.json")], ids=" ".join)
def test_missing_library_is_named_with_its_extra(tree, arguments):
    planned(tree)
    stub = tree.with_name("stub")
    stub.mkdir()
    (stub / "jinja2.py").write_text("raise ModuleNotFoundError('gone', name='jinja2')\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(stub), *sys.path])}
    answer = fixtests(*arguments, "--output-format", "html", folder=tree, env=env)
    assert (answer.code, answer.out) == (2, b"")
    assert answer.err == (
        "error: --output-format html: jinja2 is not installed: pip install 'fixtests[html]'\n"
    )


def test_page_is_replaced_whole(tree):
    file = tree / "page.html"
    file.write_text("old")
    (tree / "tests/test_one.py").write_bytes(fixed())
    answer = fixtests("check", "--output-format", "html", "-o", file, folder=tree)
    assert (answer.code, answer.out) == (0, b"")
    assert file.read_text().startswith("<!doctype html>")
    assert [item.name for item in tree.iterdir() if "page.html" in item.name] == ["page.html"]


def schemes():
    """Return the colours of the style sheet, light and dark."""
    text = (Path(owners.__file__).parent / "page.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", text, re.DOTALL)
    return [dict(re.findall(r"--(\w+): (#\w{6});", block)) for block in blocks]


def luminance(color):
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", schemes(), ids=["light", "dark"])
def test_colours_have_contrast_enough(scheme):
    for ground in ("ground", "raised", "removed", "added", "flagged"):
        for text in ("text", "quiet", "comment", "keyword", "string", "number", "name", "link"):
            low, high = sorted((luminance(scheme[ground]), luminance(scheme[text])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, f"{text} on {ground}"


def test_trend_of_a_baseline_is_told_by_its_commits(tree, monkeypatch):
    git(tree, "init", "-q")
    (tree / "fixtests.toml").write_text('root = true\nbaseline = "accepted.json"\n')
    file = tree / "accepted.json"
    for day, names in (("2026-01-05", "abc"), ("2026-02-06", "ab"), ("2026-03-07", "a")):
        for path in (tree / "tests").iterdir():
            path.unlink()
        for name in names:
            (tree / f"tests/test_{name}.py").write_bytes(module())
        fixtests("baseline", file, folder=tree)
        git(tree, "add", ".")
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00+0000")
        git(tree, "commit", "-q", "-m", day)
    (tree / "tests/test_new.py").write_bytes(module())
    for arguments in (("check",), ("--dry-run",)):
        top = page(tree, *arguments)
        assert len(findings(top)) == 1
        (table,) = (item for item in top.all("table") if "accepted.json" in item.text)
        rows = [
            [part.text for part in row.all() if part.tag in ("th", "td")] for row in table.all("tr")
        ]
        assert rows[1:] == [
            ["2026-01-05", "", "3"],
            ["2026-02-06", "", "2"],
            ["2026-03-07", "", "1"],
        ]
        assert [item["value"] for item in table.all("meter")] == ["3", "2", "1"]


def test_baseline_without_a_history_has_no_trend(tree):
    fixtests("baseline", "accepted.json", folder=tree)
    top = page(tree, "check", "--baseline", "accepted.json", code=0)
    assert not list(top.all("meter"))
