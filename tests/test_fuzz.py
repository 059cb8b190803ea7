"""Malformed configuration, plans and suppressions: an answer in words, never a traceback."""

import copy
import io
import json
import tokenize

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from conftest import fixtests, module
from fixtests.cli import saved_plans
from fixtests.cli.requests import WriteBack
from fixtests.model import RunError
from fixtests.plan import plan_file
from fixtests.plan.plan import Plan
from fixtests.rules import registry
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.syntax import suppressions
from fixtests.text.source import Source
from generated import TIMES, is_python

COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck)}
CONFIGURATION = """\
root = true
select = ["ALL"]
extend-select = ["FT1", "unguarded-index"]
ignore = ["FT301"]
exclude = ["*.pyc"]
extend-exclude = ["tests/data"]
force-exclude = false
respect-gitignore = true
unsafe-fixes = true
profile = "nova"

[per-file-ignores]
"tests/*" = ["FT201"]

[literal-uuid]
constants-module = "tests/constants.py"
strategy = "constant"
known = { "6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e11" = { expression = "a.B", import = "import a" } }

[latest-microversion]
compute = "2.90"

[extend-profile]
name = "nova"

[[extend-profile.resources]]
name = "shelf"
create = ["create_shelf"]
delete = "delete_shelf"
"""
KEYS = sorted(
    {
        *(line.partition(" ")[0] for line in CONFIGURATION.splitlines() if " = " in line),
        *(rule.name for rule in registry.every()),
        *("per-file-ignores", "extend-profile", "tool", "fixtests", "odd"),
    }
)
SCALARS = st.one_of(
    st.sampled_from(["true", "1", "-0x1", "1e400", "nan", "1979-05-27", "07:32:00", '""', "''"]),
    st.sampled_from(['"ALL"', '"nova"', '"FT"', '"../a.py"', '"("', '"\\u0000"', "'''\n'''"]),
    st.text(max_size=6).map(json.dumps),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(st.tuples(st.sampled_from(KEYS), inner), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"
        ),
    ),
    max_leaves=8,
)
PAIRS = st.builds("{} = {}".format, st.sampled_from(KEYS), VALUES)
HEADERS = st.builds(
    str.format,
    st.sampled_from(["[{0}]", "[[{0}]]", "[{0}.{1}]", "[[{0}.{1}]]", "[{0}", "[tool.{0}]"]),
    st.sampled_from(KEYS),
    st.sampled_from(KEYS),
)
TABLES = st.lists(st.one_of(PAIRS, PAIRS, HEADERS), max_size=8).map("\n".join)


@st.composite
def mutated(draw, text):
    """A text with a few of its parts cut, doubled or replaced."""
    content = text.encode()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 30)))
        put = draw(
            st.one_of(
                st.just(b""),
                st.just(content[start:end] * 2),
                st.binary(max_size=4),
                st.sampled_from([b"[", b'"""', b"{", b"\n", b"\\", b"'", b"= ", b"\0", b"\xff"]),
                VALUES.map(str.encode),
            )
        )
        content = content[:start] + put + content[end:]
    return content


CONFIGURATIONS = st.one_of(mutated(CONFIGURATION), TABLES.map(lambda text: text.encode()))


def configured(root, content, name):
    """Put a configuration in a root; tell what a run says of it."""
    for other in ("fixtests.toml", "pyproject.toml"):
        (root / other).unlink(missing_ok=True)
    (root / name).write_bytes(content)
    session = Session(Request(paths=(root,)))
    return list(one_file.run(session, session.files(), lambda: None))


@settings(max_examples=150 * TIMES, **COMMON)
@given(content=CONFIGURATIONS, name=st.sampled_from(["fixtests.toml", "pyproject.toml"]))
def test_malformed_configuration_is_an_error_that_names_the_file(tree, content, name):
    if name == "pyproject.toml" and not content.startswith(b"["):
        content = b"[tool.fixtests]\n" + content
    try:
        said = [item.detail for item in configured(tree, content, name)]
    except RunError as error:
        said = [] if name in str(error) else [str(error)]
    assert [text for text in said if text] == []


def plan_of(tree):
    (tree / "fixtests.toml").write_text("root = true\n")
    path = tree / "tests/test_one.py"
    path.write_bytes(module())
    session = Session(Request(paths=(tree,)))
    results = list(one_file.run(session, session.files(), lambda: None))
    return plan_file.body(Plan.build(results).results, tree, {})


@pytest.fixture
def body(tree):
    """The data of a plan that fits the tree."""
    return plan_of(tree)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 500),
        st.sampled_from([2**70, -1, 0.5, float("nan")]),
        st.text(max_size=5),
        st.sampled_from(["safe", "..", "/etc/passwd", "tests/test_one.py", "a\0b", "\ud800"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value, above=()):
    """Yield where each value of a JSON text stands."""
    yield above
    pairs = value.items() if isinstance(value, dict) else ()
    pairs = enumerate(value) if isinstance(value, list) else pairs
    for key, inner in pairs:
        yield from places(inner, (*above, key))


def altered(draw, body):
    """Return the data of a plan with some values replaced, cut or doubled."""
    body = json.loads(json.dumps(body))
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from([item for item in places(body) if item]))
        holder = body
        for key in above:
            holder = holder[key]
        match draw(st.sampled_from(["replace", "cut", "double"])):
            case "replace":
                holder[last] = draw(JSON)
            case "cut":
                del holder[last]
            case "double" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
    return body


@settings(max_examples=100 * TIMES, **COMMON)
@given(data=st.data(), dry_run=st.booleans(), partial=st.booleans())
def test_altered_plan_is_refused_or_applied_and_nothing_else(tree, body, data, dry_run, partial):
    path = tree / "tests/test_one.py"
    path.write_bytes(module())
    file = tree.parent / "plan.json"
    file.write_text(json.dumps(altered(data.draw, body)))
    names = {item for item in tree.parent.rglob("*") if "__pycache__" not in item.parts}
    with pytest.raises(SystemExit) as left:
        saved_plans.carry_out(
            WriteBack.DIFF if dry_run else WriteBack.WRITE,
            file,
            tree,
            partial=partial,
            atomic=False,
            quiet=True,
        )
    assert left.value.code in (0, 1, 2)
    now = {item for item in tree.parent.rglob("*") if "__pycache__" not in item.parts}
    assert now - names <= {tree / "tests/constants.py"}
    assert not dry_run or path.read_bytes() == module()


@settings(max_examples=100 * TIMES, **COMMON)
@given(content=st.one_of(st.binary(max_size=60), JSON.map(json.dumps).map(str.encode)))
def test_no_plan_at_all_is_refused(tmp_path, content):
    file = tmp_path / "plan.json"
    file.write_bytes(content)
    with pytest.raises(plan_file.SavedError, match=r"plan\.json: "):
        plan_file.read(file)


@settings(max_examples=50 * TIMES, **COMMON)
@given(data=st.data(), word=st.sampled_from(["FT101", "tests/*", "[", "x", "\0", "**"]))
def test_altered_plan_is_listed_and_cut_or_refused(tree, body, data, word):
    changed = altered(data.draw, body)
    file = tree / "plan.json"
    message = ""
    try:
        before = len(list(plan_file.listing(changed, file)))
        cut, _ = plan_file.drop(changed, file, [word])
        assert len(list(plan_file.listing(changed, file))) == before - cut
    except plan_file.SavedError as error:
        message = str(error)
    assert not message or message.startswith(f"{file}: ")


WORDS = ("#", "# noqa", ":", "FT101", "E501", ",", " ", "# fixtests:", "ignore", "ignore-file")
MARKS = ("[", "]", "(", "é", "'", '"', "\\", "# FIXTESTS :", "unguarded-index", "reason", "noqa")
COMMENTS = st.lists(st.sampled_from(WORDS + MARKS), max_size=12).map("".join)
PIECES = st.lists(
    st.one_of(
        st.builds("x = 1  {}\n".format, COMMENTS),
        st.builds("{}\n".format, COMMENTS),
        st.builds("x = '{}'  # noqa\n".format, COMMENTS),
        st.builds('x = """{}\n"""  {}\n'.format, COMMENTS, COMMENTS),
        st.builds("x = f('''{}'''  {}\n  )\n".format, COMMENTS, COMMENTS),
        st.builds("x = 'a\\\n{}'\n".format, COMMENTS),
        st.builds("x = 1 + \\\n  2  {}\n".format, COMMENTS),
    ),
    max_size=6,
).map("".join)


@settings(max_examples=150 * TIMES, **COMMON)
@given(text=PIECES)
def test_suppressions_are_read_where_python_has_comments(text):
    source = Source.decode("f.py", text.encode())
    assume(is_python(text.encode()))
    read = suppressions.Suppressions.read(source)
    found = [comment.row for comment in read.comments] + [item.row for item in read.problems]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = {item.start[0] for item in tokens if item.type == tokenize.COMMENT}
    assert {*found} <= comments
    for problem in read.idle(frozenset({"FT101"}), frozenset({"FT101", "FT201"})):
        assert problem.row in comments


@settings(max_examples=100 * TIMES, **COMMON)
@given(text=st.text(max_size=60).map(lambda text: f"# noqa: {text}\n# fixtests: {text}\n"))
def test_no_comment_stops_a_run(tree, text):
    (tree / "fixtests.toml").write_text("root = true\n")
    (tree / "tests/test_one.py").write_bytes(module() + text.encode("utf-8", "surrogatepass"))
    session = Session(Request(paths=(tree,)))
    (result,) = one_file.run(session, session.files(), lambda: None)
    assert "internal error" not in result.detail


@settings(max_examples=4 * TIMES, **COMMON)
@given(content=CONFIGURATIONS)
def test_user_sees_no_traceback_for_a_configuration(tree, content):
    (tree / "fixtests.toml").write_bytes(content)
    said = fixtests("check", folder=tree)
    assert said.code in (0, 1, 2)
    assert "Traceback" not in said.err
    assert said.code != 2 or said.err.startswith("error: ")


@settings(max_examples=4 * TIMES, **COMMON)
@given(data=st.data())
def test_user_sees_no_traceback_for_a_plan(tree, body, data):
    (tree / "tests/test_one.py").write_bytes(module())
    text = json.dumps(altered(data.draw, body), indent=2)
    content = data.draw(st.one_of(st.just(text.encode()), mutated(text)))
    (tree.parent / "plan.json").write_bytes(content)
    for command in (["apply"], ["apply", "--dry-run"], ["plan-edit"]):
        said = fixtests(*command, "../plan.json", folder=tree)
        assert said.code in (0, 1, 2)
        assert "Traceback" not in said.err


@settings(max_examples=4 * TIMES, **COMMON)
@given(text=PIECES)
def test_user_sees_no_traceback_for_a_comment(tree, text):
    (tree / "tests/test_one.py").write_bytes(module() + text.encode())
    said = fixtests("check", folder=tree)
    assert said.code in (0, 1, 2)
    assert "Traceback" not in said.err
