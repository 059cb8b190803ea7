"""Profiles: those of the package, those that a project extends, and errors that name a line."""

import re
import tomllib

import pytest

from conftest import A_UUID, fixtests, module
from fixtests.report import profiles
from fixtests.rules import registry
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.settings import tables
from fixtests.settings.toml_lines import line_of
from fixtests.tree import fitting, known_profiles
from fixtests.tree.profile import Profile
from fixtests.tree.profile_words import Words

NAMES = list(known_profiles.names())
RESOURCE = '[[extend-profile.resources]]\nname = "disk"\ncreate = ["create_disk"]\n'


def configure(tree, text):
    (tree / "fixtests.toml").write_text(f"root = true\n{text}")


def write_test(tree, *body, name="test_one"):
    lines = ("import unittest", "", "", "class OneTest(unittest.TestCase):", "")
    method = ("    def test_it(self):", *(f"        {line}" for line in body), "")
    (tree / f"tests/{name}.py").write_text("\n".join((*lines, *method)))


def preview(tree, *arguments):
    return fixtests("--dry-run", "--unsafe-fixes", *arguments, folder=tree)


def refused(tree, text, name="fixtests.toml"):
    """Return the line and the message that a configuration is refused with."""
    (tree / name).write_text(text)
    answer = fixtests("check", folder=tree)
    assert answer.code == 2, answer
    found = re.fullmatch(
        rf"error: {re.escape(str(tree / name))}:(?:(\d+):)? (.*)\n", answer.err, re.DOTALL
    )
    assert found, answer.err
    return found[1] and int(found[1]), found[2]


def test_profile_that_nobody_extends_is_built_once_for_all_roots():
    assert known_profiles.load("nova") is known_profiles.load("nova")


@pytest.mark.parametrize("name", NAMES)
def test_profile_of_the_package_loads(name):
    loaded = known_profiles.load(name)
    assert loaded.name == name
    assert len(set(loaded.data)) == len(loaded.data)
    assert all(item.delete or item.note for item in loaded.resources)
    kinds = {item.name for item in loaded.resources}
    assert {kind for hazard in loaded.cleanups.hazards for kind in hazard.of} <= kinds


def test_profiles_are_those_that_are_promised():
    assert NAMES == [
        "cinder", "ironic", "manila", "nova", "novaclient", "openstack",
        "openstackclient", "openstacksdk",
        "placement", "tempest", "unittest",
    ]  # fmt: skip
    with_resources = {name for name in NAMES if known_profiles.load(name).resources}
    assert with_resources == {"cinder", "nova", "novaclient", "openstacksdk", "tempest"}


@pytest.mark.parametrize("name", NAMES)
def test_unknown_key_in_a_profile_is_an_error_with_its_line(name, tmp_path):
    text = known_profiles.find(name).place.text
    path = tmp_path / f"{name}.toml"
    path.write_text(f"{text}\n[[vocabulary]]\nbase = 'a.B'\nnonemty = 'x'\n")
    written = tables.read(path)
    count = len(written.table["vocabulary"]) - 1
    line = path.read_text().count("\n")
    message = f"{path}:{line}: unknown key 'vocabulary[{count}].nonemty'; did you mean 'nonempty'?"
    with pytest.raises(tables.TableError, match=rf"\A{re.escape(message)}\Z"):
        tables.build(Profile, written.table, written.place)


@pytest.mark.parametrize("name", NAMES)
def test_page_of_a_profile_is_the_profile(name):
    loaded = known_profiles.load(name)
    text = "\n".join(profiles.page(loaded, "as built in"))
    assert tables.build(Profile, tomllib.loads(text), tables.Place("page")) == loaded
    for key in tables.build(Profile, {}, tables.Place("page")).__dataclass_fields__:
        assert re.search(rf"^#? ?\[*{key}\b", text, re.MULTILINE), key


def test_constants_of_a_project_name_its_uuids(tree):
    (tree / "tests/known.py").write_text(f"VOLUME = '{A_UUID}'\n")
    configure(
        tree,
        '[[extend-profile.constants]]\nmodule = "tests.known"\n'
        'import = "from tests import known"\n',
    )
    answer = preview(tree)
    assert "+        self.attach(volume_id=known.VOLUME)" in answer.text
    assert "+from tests import known" in answer.text


def test_resources_of_a_project_are_cleaned_up(tree):
    write_test(tree, "disk = self.client.create_disk()", "self.assertTrue(disk['size'])")
    assert preview(tree).text == ""
    configure(tree, RESOURCE + 'delete = ["drop_disk"]\ndeleters = "drop_disk"\n')
    assert "+        self.addCleanup(self.client.drop_disk, disk['id'])" in preview(tree).text


def test_creating_methods_of_any_name_are_looked_for(tree):
    write_test(tree, "disk = self.client.carve(size=1)", "self.assertTrue(disk['size'])")
    resource = RESOURCE.replace("create_disk", "carve")
    configure(tree, resource + 'delete = ["drop_disk"]\ndeleters = "drop_disk"\n')
    assert "+        self.addCleanup(self.client.drop_disk, disk['id'])" in preview(tree).text


def test_vocabulary_of_a_project_words_the_guard(tree):
    write_test(tree, "disks = self.client.list_disks()", "self.use(disks[0])")
    configure(
        tree,
        '[[extend-profile.vocabulary]]\nbase = "unittest.TestCase"\n'
        'nonempty = "self.assertFilled({list})"\n',
    )
    assert "+        self.assertFilled(disks)" in preview(tree, "--select", "FT201").text


def test_versions_of_a_project_are_pinned_to(tree):
    (tree / "served.py").write_text("HIGHEST = '2.77'\n")
    write_test(tree, "self.api.microversion = 'latest'")
    configure(
        tree,
        "[extend-profile.versions.compute]\nfile = 'served.py'\n"
        "pattern = \"^HIGHEST = '([0-9.]+)'\"\n",
    )
    assert "+        self.api.microversion = '2.77'" in preview(tree).text


def test_profile_holds_what_the_one_holds_that_it_extends():
    openstack, nova = known_profiles.load("openstack"), known_profiles.load("nova")
    assert set(known_profiles.load("unittest").words.things) < set(openstack.words.things)
    assert nova.words.things == openstack.words.things
    assert (openstack.packages == nova.packages, nova.packages) == (False, ("nova",))
    assert nova.outcomes.passing == openstack.outcomes.passing
    assert (bool(nova.outcomes.wait), openstack.outcomes.wait) == (True, ())


def test_profile_for_any_tests_knows_no_project():
    plain = known_profiles.load("unittest")
    words = Words(things=plain.words.things, same=plain.words.same, unnamed="FAKE_UUID")
    assert plain == Profile(services=plain.services, words=words, testtools=plain.testtools)
    assert [item.start for item in plain.services] == ["start_service"]


@pytest.mark.parametrize(
    ("folders", "name"),
    [
        (["moon_tempest_plugin"], "openstack"),
        (["moon_tempest_plugin", "tempest"], "tempest"),
        (["neutron", "nova"], "nova"),
        (["moon_tempest_plugins"], "unittest"),
    ],
)
def test_profile_fits_by_the_packages_of_a_root(tmp_path, folders, name):
    for folder in folders:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    assert fitting.of_root(tmp_path) == name


def test_no_profile_is_read_for_a_root_without_a_package(tmp_path, monkeypatch):
    (tmp_path / "nova").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(known_profiles, "ranked", pytest.fail)
        assert fitting.of_root(tmp_path) == "unittest"
    (tmp_path / "nova" / "__init__.py").touch()
    assert fitting.of_root(tmp_path) == "nova"


def test_services_of_a_project_have_hosts(tree):
    write_test(tree, "self.launch('host1')", "self.ask('host1')")
    assert preview(tree, "--select", "FT102").text == ""
    configure(tree, '[[extend-profile.services]]\nstart = "launch"\nkeyword = "host"\n')
    assert "+        self.ask(self.HOST1)" in preview(tree, "--select", "FT102").text


def test_setup_of_a_project_prepares_its_tests(tree):
    lines = f"""
class OneTest(Base):
    def begin(self):
        self.known = 'the disk {A_UUID}'

    def test_it(self):
        self.attach(volume_id='{A_UUID}')
"""
    (tree / "tests/test_one.py").write_text(f"from tests.base import Base\n\n{lines}")
    assert "inside a longer string of this file" in fixtests("check", folder=tree).text
    configure(tree, '[extend-profile.setup]\nprepare = ["begin"]\n')
    assert "  = change both by hand" in fixtests("check", folder=tree).text


def test_words_of_a_project_tell_its_things_apart(tree):
    (tree / "tests/test_one.py").write_text(
        "import unittest\n\nMOON = DISK_ID = None\n"
        f"PLANET_ID = '{A_UUID}'\n\n\nclass OneTest(unittest.TestCase):\n"
        f"    def test_it(self):\n        self.use(comet_id='{A_UUID}')\n"
    )
    safe = fixtests("--dry-run", folder=tree)
    assert "+        self.use(comet_id=PLANET_ID)" in safe.text
    configure(tree, '[extend-profile.words]\nthings = ["PLANET", "COMET"]\n')
    assert fixtests("--dry-run", folder=tree).text == ""
    assert "names another resource" in fixtests("check", folder=tree).text
    configure(
        tree,
        "[extend-profile.words]\n"
        'things = ["PLANET"]\n'
        'same = { COMET = "PLANET" }\n'
        'unnamed = "SOME_UUID"\n',
    )
    assert "+        self.use(comet_id=PLANET_ID)" in fixtests("--dry-run", folder=tree).text
    write_test(tree, f"self.use('{A_UUID}')", f"self.use('{A_UUID}')", f"self.use('{A_UUID}')")
    assert "+SOME_UUID = " in preview(tree).text


def test_words_of_a_project_say_what_fails_and_what_tests_do(tree):
    write_test(tree, "# Comets the planet and the moon, both of them.", "use(1)")
    path = tree / "tests/test_one.py"
    path.write_text(path.read_text().replace("test_it", "test_use_with_no_moon"))
    chosen = ("--select", "FT502,FT601")
    assert "FT502" not in fixtests("check", *chosen, folder=tree).text
    assert (
        "its first comment says what it is for" not in fixtests("check", *chosen, folder=tree).text
    )
    configure(tree, '[extend-profile.words]\nfailures = ["NoMoon"]\ndeeds = ["comets"]\n')
    text = fixtests("check", *chosen, folder=tree).text
    assert "says 'test_use_with_no_moon', but the test asserts no failure" in text
    assert "its first comment says what it is for" in text


def test_requests_of_a_project_are_answered_with_a_response(tree):
    write_test(tree, "disks = self.call_disks('/disks').body['disks']", "self.use(disks[0])")
    assert fixtests("check", "--select", "FT201", folder=tree).text == ""
    configure(tree, '[extend-profile]\nrequests = ["call_disks"]\n')
    assert "FT201" in fixtests("check", "--select", "FT201", folder=tree).text


CAPPED = ("self.api.microversion = '2.1'", "self.use(1)", "self.api.microversion = 'latest'")


@pytest.mark.parametrize(
    ("lowest", "wanted", "first", "last"),
    [
        ("", None, "2.1", "2.77"),
        ("lowest = '2.0'\n", None, "2.0", "2.77"),
        ("lowest = '2.9'\n", "2.12", "2.9", "2.12"),
        ("lowest = '1.0'\n", None, None, None),
    ],
)
def test_versions_go_from_the_lowest_that_a_profile_says_to_what_is_pinned(
    tree, lowest, wanted, first, last
):
    configure(
        tree,
        "[extend-profile.versions.compute]\nfile = 'served.py'\n"
        f"pattern = \"^HIGHEST = '([0-9.]+)'\"\n{lowest}",
    )
    (tree / "served.py").write_text("HIGHEST = '2.77'\n")
    write_test(tree, "self.api.microversion = 'latest'")
    project = Session(Request((tree,))).jobs.of(tree / "tests/test_one.py").project
    rule = registry.find("FT401")
    versions = rule.versions("compute", rule.options(compute=wanted), project)
    assert versions[:1] + versions[-1:] == ((first, last) if first else ())
    minors = [int(version.partition(".")[2]) for version in versions]
    assert minors == sorted(set(minors))


def test_microversions_of_a_project_are_spoken_of_in_its_words(tree):
    (tree / "served.py").write_text("HIGHEST = '2.77'\n")
    served = (
        "[extend-profile.versions.compute]\nfile = 'served.py'\n"
        "pattern = \"^HIGHEST = '([0-9.]+)'\"\n[extend-profile.microversions]\n"
    )
    write_test(tree, *CAPPED)
    assert "cap that block alone and pin" in fixtests("check", folder=tree).text
    configure(tree, f"{served}block = 'capped'\n")
    assert "cap that block alone, as `capped` does, and pin" in fixtests("check", folder=tree).text
    write_test(tree, "# Lift it later.", "self.api.microversion = 'latest'")
    assert "+        self.api.microversion = '2.77'" in preview(tree).text
    configure(tree, f"{served}meant = 'Lift it'\n")
    assert "line 7 says that this is meant" in fixtests("check", folder=tree).text
    configure(tree, f"{served}highest = 'Lift it'\n")
    assert "this file is about the highest version" in fixtests("check", folder=tree).text


def test_service_of_a_version_is_called_as_a_project_calls_it(tree):
    write_test(tree, "self.get(headers={'OpenStack-API-Version': 'moon latest'})")
    known = "[extend-profile.versions.compute]\nfile = 'served.py'\npattern = '(.)'\n"
    known += "[extend-profile.versions.satellite]\nfile = 'served.py'\npattern = '(.)'\n"
    configure(tree, known)
    assert "no compute API version" in fixtests("check", folder=tree).text
    configure(tree, f"{known}[extend-profile.microversions.services]\nmoon = 'satellite'\n")
    assert "no satellite API version" in fixtests("check", folder=tree).text


def test_extension_in_pyproject_is_read(tree):
    (tree / "fixtests.toml").unlink()
    (tree / "pyproject.toml").write_text('[tool.fixtests.extend-profile]\ndata = ["tests"]\n')
    assert profile_of(tree).data == ("tests",)


def profile_of(folder, **request):
    session = Session(Request(paths=(folder,), **request))
    return session.configuration.profile(
        session.configuration.root(folder), session.configuration.at(folder)
    )


def test_lists_are_added_tables_are_merged_and_scalars_override(tree):
    configure(
        tree,
        'profile = "nova"\n'
        "[extend-profile]\n"
        'samples = ["own"]\n'
        "[extend-profile.versions.compute]\n"
        'file = "own.py"\n'
        "[extend-profile.cleanups]\n"
        "known = false\n"
        'clients = ["self.own"]\n',
    )
    plain, extended = known_profiles.load("nova"), profile_of(tree)
    assert extended.samples == ("own", *plain.samples)
    assert extended.versions["compute"].file == "own.py"
    assert extended.versions["compute"].pattern == plain.versions["compute"].pattern
    assert extended.versions["placement"] == plain.versions["placement"]
    assert (plain.cleanups.known, extended.cleanups.known) == (True, False)
    assert extended.cleanups.clients == ("self.own", *plain.cleanups.clients)
    assert extended.cleanups.hazards == plain.cleanups.hazards


def test_resource_of_the_same_name_replaces_those_of_the_profile(tree):
    text = RESOURCE.replace("disk", "server") + 'deleters = "drop"\n'
    configure(tree, f'profile = "nova"\n{text}')
    servers = [item for item in profile_of(tree).resources if item.name == "server"]
    assert [item.create for item in servers] == [("create_server",)]
    plain = {item.name for item in known_profiles.load("nova").resources}
    assert {item.name for item in profile_of(tree).resources} == plain


def test_nearest_extension_wins_and_each_folder_has_its_own(tree):
    near = tree / "tests/near"
    near.mkdir()
    (near / "test_near.py").write_bytes(module())
    (near / "known.py").write_text(f"VOLUME = '{A_UUID}'\n")
    (near / "fixtests.toml").write_text(
        '[[extend-profile.constants]]\nmodule = "tests.near.known"\n'
        'import = "from tests.near import known"\n'
    )
    configure(tree, '[extend-profile]\ndata = ["elsewhere"]\n')
    answer = preview(tree, "--root", ".")
    assert answer.text.count("+        self.attach(volume_id=known.VOLUME)") == 1
    assert answer.text.count("+        self.attach(volume_id=VOLUME_ID)") == 1
    assert profile_of(near, root=tree).data == ()
    assert profile_of(tree, root=tree).data == ("elsewhere",)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            f"{RESOURCE}deleters = 'x'\n\n{RESOURCE}creat = ['y']\n",
            9,
            "unknown key 'extend-profile.resources[1].creat'; did you mean 'create'?",
        ),
        ("[extend-profil]\n", 1, "unknown key 'extend-profil'; did you mean 'extend-profile'?"),
        ("extend-profile = 1\n", 1, "extend-profile must be a table"),
        ("\n[extend-profile]\ntests = 'x'\n", 3, "extend-profile.tests must be a list"),
        (
            "[extend-profile]\ntests = [\n  'x',\n  1,\n]\n",
            4,
            "extend-profile.tests[1] must be a string, not 1",
        ),
        ("extend-profile.tests = ['/x']\n", 1, "extend-profile.tests[0] is '/x', which is no path"),
        (
            "[extend-profile]\nname = 'x'\n",
            2,
            "extend-profile.name cannot be extended; the key 'profile' chooses the profile",
        ),
        (
            "[extend-profile.versions.compute]\nfile = 'x'\n",
            1,
            "extend-profile.versions.compute lacks the key 'pattern'",
        ),
        (
            "[extend-profile.versions]\ncompute.file = 'x'\ncompute.pattern = '('\n",
            3,
            "extend-profile.versions.compute.pattern is no regular expression: missing )",
        ),
        (
            "[extend-profile.versions]\ncompute = { file = 'x', pattern = 'x' }\n",
            2,
            "extend-profile.versions.compute.pattern needs one group",
        ),
        (
            "[extend-profile.versions.compute]\nlowest = '2'\n",
            2,
            "extend-profile.versions.compute.lowest is '2', which is no version such as 2.1",
        ),
        (
            "[[extend-profile.constants]]\nmodule = 'a.b'\nimport = 'a.b'\n",
            3,
            "extend-profile.constants[0].import is 'a.b', which is no absolute import of one name",
        ),
        (
            "[[extend-profile.vocabulary]]\nbase = 'a.B'\nnonempty = 'self.check()'\n",
            3,
            "extend-profile.vocabulary[0].nonempty lacks {list}",
        ),
        (
            "[[extend-profile.vocabulary]]\nbase = 'a.B'\nlonger = 'self.check({list}, {at})'\n",
            3,
            "extend-profile.vocabulary[0].longer lacks {index}",
        ),
        (
            "[[extend-profile.vocabulary]]\nbase = 'a.B'\nnonempty = 'self.check({list}, {at})'\n",
            3,
            "extend-profile.vocabulary[0].nonempty has {at}; valid are {list}, {index}",
        ),
        (
            "[[extend-profile.vocabulary]]\nbase = 'a.B'\nnonempty = 'self.check({list}'\n",
            3,
            "extend-profile.vocabulary[0].nonempty is 'self.check({list}', which is no Python",
        ),
        (
            "[[extend-profile.vocabulary]]\nbase = 'a.B'\nnonempty = '{list}}'\n",
            3,
            "extend-profile.vocabulary[0].nonempty is '{list}}', which is no template: ",
        ),
        (RESOURCE, 1, "extend-profile.resources[0] lacks the key 'deleters'"),
        (
            f"{RESOURCE}deleters = 'x'\nsafe = false\n",
            1,
            "extend-profile.resources[0]: 'safe' is false, so 'note' must say what stands in",
        ),
        (
            f"{RESOURCE}deleters = 'x'\non = 'self'\ndelete = ['drop']\n",
            1,
            "extend-profile.resources[0]: 'delete' names 'drop', which must start with self.",
        ),
        (
            f"{RESOURCE}deleters = 'x'\ndelete = ['self.drop']\n",
            1,
            "extend-profile.resources[0]: 'delete' names 'self.drop', which must be a method",
        ),
        (
            f"{RESOURCE.replace('create_disk', 'create disk')}deleters = 'x'\n",
            3,
            "extend-profile.resources[0].create[0] is 'create disk', which is no name",
        ),
        (
            f"{RESOURCE}deleters = 'x'\narguments = 'None'\n",
            5,
            "extend-profile.resources[0].arguments lacks {id}",
        ),
        (
            f"{RESOURCE}deleters = 'x'\non = 'x'\n",
            5,
            "extend-profile.resources[0].on is 'x'; valid",
        ),
        (
            "extend-profile = { resources = [1] }\n",
            1,
            "extend-profile.resources[0] must be a table",
        ),
        ("\nselekt = []\n", 2, "unknown key 'selekt'; did you mean 'select'?"),
        ("select = [\n  'FT101',\n  'FT9',\n]\n", 3, "select[1]: unknown rule 'FT9'"),
        ("[per-file-ignores]\n'a*' = ['FT9']\n", 2, "per-file-ignores.a*[0]: unknown rule 'FT9'"),
        ("[aliases]\nFT1O1 = ['x']\n", 2, "aliases.FT1O1: unknown rule 'FT1O1'; did you mean"),
        (
            "aliases = {literal-uid = ['x']}\n",
            1,
            "aliases.literal-uid: unknown rule 'literal-uid'; did you mean 'literal-uuid'?",
        ),
        ("line-length = '79'\n", 1, "line-length must be a whole number, not '79'"),
        ("\nline-length = 0\n", 2, "line-length must be above 0, not 0"),
        ("root = true\nprofile = 'novva'\n", 2, "profile: unknown profile 'novva'; did you mean"),
        ("root = 1\n", 1, "root must be true or false"),
        ("\n[latest-microversion]\ncompute = 'x'\n", 3, "latest-microversion: compute must be"),
        ("ignore = []\nselect = ]\n", 2, "is not valid TOML"),
    ],
)
def test_wrong_configuration_names_file_line_and_key(tree, text, line, message):
    found, said = refused(tree, text)
    assert found == line
    assert said.startswith(message)


def test_wrong_configuration_in_pyproject_names_the_whole_key(tree):
    (tree / "fixtests.toml").unlink()
    text = "[tool.ruff]\nline-length = 1\n[tool.fixtests]\n[tool.fixtests.extend-profile]\nx = 1\n"
    line, message = refused(tree, text, "pyproject.toml")
    assert line == 5
    assert message.startswith("unknown key 'tool.fixtests.extend-profile.x'")


def test_extension_that_fits_no_chosen_profile_is_still_an_error_without_files(tree):
    (tree / "tests/test_one.py").unlink()
    assert refused(tree, "[extend-profile]\nx = 1\n")[0] == 2


TEXT = '''# a comment with [brackets] and "quotes
title = "a # b"   # = x
"quoted key" . 'b' = 1

[table]
a.b.c = 1
text = """
[no.header]
x = 1
"""
raw = \'\'\'
y = "\'\'\'
list = [ # ]
  "one", 'two]', [
    3,
  ],
  { x = 1, y = { z = "}" } },
]

[table.sub."x.y"]
when = 1979-05-27 07:32:00

[[array]]
name = 1
[array.sub]
key = 1
[[array.deep]]
[[array.deep]]
key = 2

[[ array ]]
name = 3
[[array.deep]]
key = 4
'''


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (("title",), "title ="),
        (("quoted key", "b"), '"quoted'),
        (("table",), "[table]"),
        (("table", "a", "b", "c"), "a.b.c"),
        (("table", "raw"), "raw ="),
        (("table", "list"), "list ="),
        (("table", "list", 0), '  "one"'),
        (("table", "list", 1), '  "one"'),
        (("table", "list", 2, 0), "    3,"),
        (("table", "list", 3, "y", "z"), "  { x"),
        (("table", "sub", "x.y", "when"), "when ="),
        (("array", 0, "name"), "name = 1"),
        (("array", 0, "sub", "key"), "key = 1"),
        (("array", 0, "deep", 1, "key"), "key = 2"),
        (("array", 1), "[[ array ]]"),
        (("array", 1, "name"), "name = 3"),
        (("array", 1, "deep", 0, "key"), "key = 4"),
        (("array", 1, "missing"), "[[ array ]]"),
        (("table", "no"), "[table]"),
    ],
    ids=str,
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_line_of_a_key(keys, found, newline):
    assert tomllib.loads(TEXT)
    line = line_of(TEXT.replace("\n", newline), keys)
    assert TEXT.splitlines()[line - 1].startswith(found)


@pytest.mark.parametrize(
    ("text", "keys"),
    [("", ("x",)), ("a = 1\n", ("b",)), ("a = 1\n", ()), ("a = \n= [", ("a",)), ("x", ("x",))],
)
def test_line_of_a_key_that_cannot_be_told(text, keys):
    assert line_of(text, keys) is None


def every_path(value, keys=()):
    """Yield the keys of everything in a table that has a name of its own."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*keys, key)
            yield from every_path(item, (*keys, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from every_path(item, (*keys, number))


@pytest.mark.parametrize("name", NAMES)
def test_keys_of_the_profiles_have_their_lines(name):
    written = known_profiles.find(name)
    lines = written.place.text.splitlines()
    some = list(every_path(written.table))[::7]
    assert some
    for keys in some:
        assert keys[-1] in lines[line_of(written.place.text, keys) - 1], keys


def test_explain_shows_a_profile(tmp_path):
    answer = fixtests("explain", "--profile", "nova", folder=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert answer.text.startswith("# Profile nova, as built in.\n")
    assert tomllib.loads(answer.text)["versions"]["compute"]["file"].endswith(".py")


def test_explain_shows_the_profile_as_the_current_folder_extends_it(tree):
    configure(tree, '[extend-profile]\ndata = ["own"]\n')
    answer = fixtests("explain", "--profile", "nova", folder=tree)
    assert answer.text.startswith(f"# Profile nova, extended by {tree / 'fixtests.toml'}.\n")
    assert tomllib.loads(answer.text)["data"][0] == "own"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--profile", "novva"], "unknown profile 'novva'; did you mean 'nova'?"),
        (["--profile", ""], "unknown profile ''"),
        ([], "needs either RULE or --profile NAME"),
        (["FT101", "--profile", "nova"], "needs either RULE or --profile NAME"),
    ],
)
def test_explain_refuses(tmp_path, arguments, hint):
    answer = fixtests("explain", *arguments, folder=tmp_path)
    assert answer.code == 2
    assert hint in answer.err
