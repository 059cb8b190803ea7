"""Layouts in which people and machines list findings: each is one claim about its own place."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import topics
from fixtests.review import claims
from fixtests.review.claim import Asks
from generated import TIMES
from test_review_properties import FILE, about, findings

# What stands above a list of findings, how each is written, and what stands below.
LISTS = {
    "rows in brackets": ("{file}\n\n", "[{row}] {text}\n", ""),
    "rows in parentheses": ("{file}\n\n", "({row}) {text}\n", ""),
    "rows after an at sign": ("{file}\n\n", "@{row} {text}\n", ""),
    "rows after a hash": ("{file}:\n\n", "#{row} {text}\n", ""),
    "rows with arrows": ("{file}\n\n", "{row} -> {text}\n", ""),
    "rows with long arrows": ("{file}\n\n", "{row} => {text}\n", ""),
    "rows with colons": ("{file}\n\n", "{row}: {text}\n", ""),
    "rows with bars": ("{file}\n", "{row} | {text}\n", ""),
    "rows with dashes": ("{file}\n", "{row} - {text}\n", ""),
    "rows with long dashes": ("{file}\n\n", "{row} \u2014 {text}\n", ""),
    "rows in bold": ("{file}\n\n", "**{row}** {text}\n", ""),
    "rows in code": ("{file}\n\n", "`{row}` {text}\n", ""),
    "rows in columns": ("{file}\n\n", "{row}    {text}\n", ""),
    "rows further in": ("{file}\n\n", "    {row}: {text}\n", ""),
    "l and rows": ("{file}\n\n", "l{row}: {text}\n", ""),
    "L and rows": ("{file}\n\n", "L{row} {text}\n", ""),
    "lines": ("{file}\n\n", "line {row}: {text}\n", ""),
    "Lines": ("In {file}:\n\n", "Line {row} - {text}\n", ""),
    "ln": ("{file}\n\n", "ln. {row}: {text}\n", ""),
    "at lines": ("{file}\n\n", "At line {row}: {text}\n", ""),
    "on lines": ("{file}\n\n", "- on line {row}, {text}\n", ""),
    "rows last": ("{file}\n\n", "- {text} (line {row})\n", ""),
    "rows last in brackets": ("{file}\n\n", "- {text} [L{row}]\n", ""),
    "rows last after an at sign": ("{file}\n\n", "- {text} @{row}\n", ""),
    "rows last after a dash": ("{file}\n\n", "- {text} - line {row}\n", ""),
    "rows last after a comma": ("{file}\n\n", "* {text}, l. {row}\n", ""),
    "numbers": ("{file}\n\n", "{n}. {text} (L{row})\n", ""),
    "numbers and parentheses": ("{file}\n\n", "{n}) line {row}: {text}\n", ""),
    "numbers in parentheses": ("{file}\n\n", "({n}) L{row} {text}\n", ""),
    "numbers in brackets": ("{file}\n\n", "[{n}] line {row}: {text}\n", ""),
    "numbers after a hash": ("{file}\n\n", "#{n} line {row}: {text}\n", ""),
    "letters": ("{file}\n\n", "{letter}) line {row}: {text}\n", ""),
    "identities": ("{file}\n\n", "R-{n}: line {row}: {text}\n", ""),
    "identities in brackets": ("{file}\n\n", "[R{n}] line {row}: {text}\n", ""),
    "bold identities": ("{file}\n\n", "**R{n}** line {row}: {text}\n\n", ""),
    "bullets": ("{file}\n\n", "\u2022 line {row}: {text}\n", ""),
    "dashes": ("{file}\n\n", "\u2013 line {row}: {text}\n", ""),
    "plus signs": ("{file}\n\n", "+ line {row}: {text}\n", ""),
    "greater signs": ("{file}\n\n", ">> line {row}: {text}\n", ""),
    "boxes": ("{file}\n\n", "- [ ] line {row}: {text}\n", ""),
    "marks": ("{file}\n\n", "\u274c line {row}: {text}\n", ""),
    "severities": ("{file}\n\n", "MAJOR line {row}: {text}\n", ""),
    "severities in brackets": ("{file}\n\n", "[minor] line {row}: {text}\n", ""),
    "severities in capitals": ("{file}\n\n", "- HIGH ({row}) {text}\n", ""),
    "severities and paths": ("", "HIGH {file}:{row} {text}\n", ""),
    "nits": ("{file}\n\n", "nit: line {row}: {text}\n", ""),
    "paths": ("", "{file}:{row}: {text}\n", ""),
    "paths and columns": ("", "{file}:{row}:5: {text}\n", ""),
    "paths in parentheses": ("", "{file}({row}): {text}\n", ""),
    "paths and lines": ("", "{file}, line {row}: {text}\n", ""),
    "paths and L": ("", "- `{file}` L{row}: {text}\n", ""),
    "paths and hashes": ("", "{file}#L{row} {text}\n", ""),
    "paths and at signs": ("", "{file}@{row} {text}\n", ""),
    "paths last": ("", "- {text} ({file}:{row})\n", ""),
    "paths last in code": ("", "- {text} at `{file}:{row}`\n", ""),
    "paths and dashes": ("", "* {file}:{row} - {text}\n", ""),
    "paths in bold": ("", "**{file}:{row}**\n{text}\n\n", ""),
    "paths above": ("", "{file}:{row}\n    {text}\n", ""),
    "paths in headings": ("", "### {file}:{row}\n\n{text}\n\n", ""),
    "paths between bars": ("", "{file}|{row}| {text}\n", ""),
    "warnings": ("", "{file}:{row}: warning: {text}\n", ""),
    "annotations": ("", "::warning file={file},line={row}::{text}\n", ""),
    "python's own": ("", '  File "{file}", line {row}\n    {text}\n', ""),
    "headings": ("# {file}\n\n", "## Line {row}\n\n{text}\n\n", ""),
    "headings by number": ("# {file}\n\n", "## {n}. {text}\n\nLine: {row}\n\n", ""),
    "headings that are underlined": (
        "{file}\n============================\n\n",
        "{text}\n{under}\n\nline {row}\n\n",
        "",
    ),
    "headings of a wiki": ("== {file} ==\n\n", "* line {row}: {text}\n", ""),
    "headings of Jira": ("h2. {file}\n\n", "* line {row}: {text}\n", ""),
    "bold titles": ("{file}\n\n", "**{text}**\nLine {row}.\n\n", ""),
    "bold places": ("{file}\n\n", "**Line {row}:** {text}\n\n", ""),
    "terms": ("{file}\n\n", "line {row}\n    {text}\n", ""),
    "fields": ("File: {file}\n\n", "Line: {row}\nIssue: {text}\n\n", ""),
    "fields of each": ("", "File: {file}\nLine: {row}\nIssue: {text}\n\n", ""),
    "fields without gaps": ("", "File: {file}\nLine: {row}\nIssue: {text}\n", ""),
    "fields with rules": ("", "File: {file}\nLine: {row}\nIssue: {text}\n---\n", ""),
    "bold fields": ("", "- **File:** {file}\n- **Line:** {row}\n- **Issue:** {text}\n\n", ""),
    "a table": ("{file}\n\n| Line | Finding |\n|---|---|\n", "| {row} | {text} |\n", ""),
    "a table of files": (
        "| # | File | Line | Finding |\n|---|---|---|---|\n",
        "| {n} | {file} | {row} | {text} |\n",
        "",
    ),
    "a table of places": ("| Where | What |\n|---|---|\n", "| `{file}:{row}` | {text} |\n", ""),
    "a table with the place last": (
        "| Finding | Location |\n|---|---|\n",
        "| {text} | {file}:{row} |\n",
        "",
    ),
    "a table without edges": ("{file}\n\nLine | Finding\n--- | ---\n", "{row} | {text}\n", ""),
    "a table of a grid": (
        "{file}\n\n+-----+----------+\n| Row | Finding  |\n+=====+==========+\n",
        "| {row} | {text} |\n+-----+----------+\n",
        "",
    ),
    "a table of Jira": ("{file}\n\n||Line||Finding||\n", "|{row}|{text}|\n", ""),
    "tabs": ("file\tline\tfinding\n", "{file}\t{row}\t{text}\n", ""),
    "semicolons": ("file;line;finding\n", "{file};{row};{text}\n", ""),
    "commas": ("file,line,finding\n", '{file},{row},"{text}"\n', ""),
    "hypertext": ("<p>{file}</p>\n<ul>\n", "<li>line {row}: {text}</li>\n", "</ul>\n"),
    "numbered hypertext": ("<h2>{file}</h2>\n<ol>\n", "<li>line {row}: {text}</li>\n", "</ol>\n"),
    "a table of hypertext": (
        "<table>\n<tr><th>File</th><th>Line</th><th>Finding</th></tr>\n",
        "<tr><td>{file}</td><td>{row}</td><td>{text}</td></tr>\n",
        "</table>\n",
    ),
    "elements": (
        "<findings>\n",
        '<finding file="{file}" line="{row}">{text}</finding>\n',
        "</findings>\n",
    ),
    "YAML": ("", '- file: {file}\n  line: {row}\n  message: "{text}"\n', ""),
    "YAML below a file": ("file: {file}\nfindings:\n", '  - line: {row}\n    text: "{text}"\n', ""),
    "paragraphs": ("About {file}.\n\n", "On line {row}, {text}.\n\n", ""),
    "sentences": ("In {file} I found this: ", "On line {row}, {text}. ", "\n"),
    "who said it": ("{file}\n\n", "Ada (line {row}): {text}\n", ""),
    "a chat": ("{file}\n\n", "[10:{row}] <ada> line {row}: {text}\n", ""),
    "a log": ("", "2024-01-31 10:00:00 WARNING {file}:{row} {text}\n", ""),
    "questions": ("{file}\n\n", "Q{n}. Line {row}: {text}?\n", ""),
    "quoted rows": ("{file}\n\n", "> line {row}\n\n{text}\n\n", ""),
    "nested below rows": ("- {file}\n", "  - {row}\n    - {text}\n", ""),
    "nested below a file": ("- {file}\n", "  - line {row}: {text}\n", ""),
    "nested further in": ("* {file}:\n", "    * {row}: {text}\n", ""),
    "lines of their own": ("{file}\n\n", "line {row}\n{text}\n\n", ""),
}


# What is read in this form where it begins a review, and is nothing that mail has around it.
ALONE = ("greater signs", "hypertext", "numbered hypertext", "a table of hypertext", "elements",
         "YAML", "YAML below a file")  # fmt: skip
GREETING = "Hi all,\n\nI went through the tests. Some remarks:\n\n"
CLOSING = "\n\nAll in all it is fine.\n\nBest regards,\nAda\n"


def written(layout, found):
    """Return findings in a layout."""
    above, each, below = LISTS[layout]
    told = (
        each.format(
            file=FILE, row=row, text=text, n=n, letter="abcdefghij"[n - 1], under="~" * len(text)
        )
        for n, (text, _, row) in enumerate(found, 1)
    )
    return above.format(file=FILE) + "".join(told) + below


@pytest.mark.parametrize("layout", LISTS)
@settings(max_examples=4 * TIMES, deadline=None)
@given(found=findings(fewest=2), mailed=st.booleans())
def test_each_finding_of_a_list_is_one_claim(layout, found, mailed):
    text = written(layout, found)
    if mailed and layout not in ALONE:
        text = f"{GREETING}{text}{CLOSING}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "review.md")
        path.write_text(text)
        reading = claims.load(path, topics())
    asking = [claim for claim in reading.claims if claim.asks is Asks.CHANGE]
    assert [about(claim) for claim in asking] == [
        ([FILE], {row}, [code]) for _, code, row in found
    ], text
    assert reading.unread == ()
