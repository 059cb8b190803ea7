"""Whether a remark asks for something: thanks say nothing of that, and needs are denied."""

import pytest

from conftest import fixtests
from fixtests.review.claim import Asks
from fixtests.review.sentences import asks
from test_review_answers import TREE

ASKING = """
please check the length of the list before indexing, thanks!
add a cleanup please, thank you
give this UUID a name, thanks
Please pin the microversion. Thanks!
Could you add a docstring? Thanks
Can you guard this index? Thank you!
please name this UUID; thank you
pin this microversion, thx
pin this microversion, ty!
pin this please, cheers
Please delete the port at the end, many thanks
Please register a cleanup here. Thanks a lot!
please wait for the migration record here, thanks in advance
Thanks, please add a docstring here
Thanks! Check the length before indexing.
Thank you for the patch. Please name this UUID.
thanks for this, but give the UUID a name
name this UUID - thanks
name this UUID, thanks :)
name this UUID (thanks!)
swap the arguments, thanks
Please assert the status afterwards, much appreciated
please assert the status afterwards, appreciated!
split this test up please. Thx!
Please check the length, then I am happy. Thanks.
would you mind adding a cleanup, thanks
delete the server in the end, kind regards
pin the microversion, thanks & regards
a docstring would be welcome, thanks
check the length here, thank you very much
use the waiter instead of this loop, thank you so much
a literal UUID, please fix, thanks
move this UUID to a constant, ta!
needs a cleanup. thanks!
The aggregate is made in setUp, but it is not deleted.
The list is fetched, but it is not checked.
The server is created but not deleted.
this needs a length check, thanks
Assert something here, please and thanks
"""
DENYING = """
sorted() against the reply, simple and to the point 👍
The class docstring of LampsTest helped me a lot.
it documents the life of a lamp superbly in the class docstring
checking that nothing was stored in the other case is a good thing.
Nice to have the filters in the same breath.
Someone will ask to pin this: don't. The comment above says why.
the ids in the decorators stay as they are
the lamp made in setUp doesn't have to be destroyed explicitly. Nobody objected.
L89 I like that they wrote down why it takes so long
tests/test_lamps.py, line 132: Good: deleting an unknown lamp is tested separately.
line 12: +1 that you check for NotFound, that's what the name says
nice to have the spacing covered
Do not tighten the `except NotFound` in `resource_setup`
The remark why lamps come before shelves is very helpful for me.
the explanation of why it's exactly 3 calls in the last test is lovely
The numbered description at the head of `LampsTest` is exemplary.
Somebody will want a number here. Don't; the newest one is the point.
Who deletes the lamp? Ah, the fixture does, strike this.
Fine for a GET, I don't ask for more.
It runs twice. I guess that is what you want, just noting it.
no need to check the length here
not checking the length is fine here
no need for a cleanup here
no need to pin this
there is no need to name this UUID
I see no need to check the length
I don't think we need to check the length
we don't need to check the length here
you don't have to check the length here
doesn't need a length check
this does not need a cleanup
this doesn't need a docstring
this test does not need to be split
the index needn't be guarded
it isn't necessary to check the length
it is not necessary to pin the microversion here
checking the length is not necessary
a cleanup is not necessary here
a length check is not needed
a docstring isn't needed
a check isn't required here
not necessary to delete the port
unnecessary to check the length here
checking the length would be superfluous
no length check needed
no cleanup required here
no docstring necessary
the literal UUID is fine here
the literal UUID is fine as is
unpinned is fine here
the missing docstring is fine
the missing cleanup is OK
leaving the port behind is fine
not deleting the port is OK here
not pinning the microversion is okay
skipping the length check is fine
indexing without a check is fine here
fine as is: the index without a length check
OK to leave the UUID as a literal
it's OK to leave this unpinned
it is okay to index without a check here
ok to skip the cleanup
we can leave the literal UUID
can stay unpinned
no reason to pin the microversion
I wouldn't check the length here
no point in checking the length
the length check can be omitted
we can do without a length check here
we can live without a docstring here
nothing needs to be deleted here
the port doesn't have to be deleted
the port need not be deleted
you may leave out the length check
I am fine with the literal UUID
I'm OK with the unchecked index here
don't bother with a cleanup
don't bother checking the length
never mind the missing docstring
fine without a docstring
The comments lead one through the steps, and the note on the lamp explains the odd order well.
The class docstring describes why the lamp was lost in an exemplary way.
docstring brief and to the point
Right to use the fixture's wait here instead of a loop.
Good comment, I was about to ask why the lamp is lit twice.
Glad it is here. Without it the refusal could have come from anything.
ignoring the 404 is right, otherwise the cleanup fails
The note on not waiting for the lamp states a clear reason.
fails if there is not exactly one lamp, clever
The comment says why no assertion follows; acceptable.
The stub is necessary, see above; no change.
please no docstrings for the tests
It was proposed to cut this in four; it stays as one test.
Please do not, each half would light the lamp again.
this is how I want the others
"""
# What denies or accepts something else than the change, or denies that it may stay.
STILL = """
Mock arguments all over. A fixture would keep the signature readable.
The value that was observed comes first and the one that was wanted second.
please name a concrete version, stale lamps have nothing to do with the newest API
A remark on the second lamp would have saved me five minutes.
assertTrue(resp) relies on truthiness (ok = <400), say 200 if you mean 200.
it is not fine to leave the port behind
Nobody checks that the volume is OK
please make sure that the status is ok
no need for a loop of our own, use the waiter
there is no need to hard-code the UUID
no need to poll by hand here
no reason to swallow the exception
the sleep isn't needed
this literal is unnecessary, use the constant
you don't have to write your own loop
The name is fine, the index is not guarded
is it OK to index without a check?
is not checking the length fine here?
short docstrings for the helpers would not hurt
`pass` after a docstring is superfluous
The class has no docstring. A sentence on what is covered would do.
A good comment is missing here.
Clear description would be needed.
not checking the length is not OK
fine, but please pin the microversion
is fine for one server, but the list may be empty
leaving the port behind is not acceptable
you need to check the length
a cleanup is necessary
the length needs to be checked
the port needs to be deleted
not pinned, which is not okay
The test is ok only when the list is not empty
assumes that the status is fine
this only checks that the response is fine
there is no need to use a literal here
no need to use latest here
why is a length check not needed here?
a length check is needed
this needs a cleanup, otherwise the port stays
it does not check the length
it isn't checked whether the list is empty
the test would be fine with a docstring
you don't check the length here
we do not check whether the server is gone
This cannot live without a cleanup
the loop can be omitted, use the waiter
nothing is deleted here
no need for a local here, self.lamp holds the same
it is not necessary to count the seconds by ourselves, the mixin does it
keep it as a file beside the test, not as a string
the lamp should stay active after the refusal
a 204 and goodbye, who knows whether anything was done
The order is fine, leave it. And the loop below never waits.
such a helper is already there, reuse it
the attempts are counted down on the instance, a second call would start with what is left
what comes first there is the observed value
both indexes in setUp are taken on good faith
the creation waits already, and the two waits after it are superfluous
the id is a literal in the data, a name would be self-explanatory
who gets rid of the lamp? I do not find a delete in the test
the id is taken from the first of the lamps just like that
the assertion on the list is always satisfied
the block that loads the lamps is present three times
the port is removed twice, by the list and by the cleanup
agreed. The helper takes the first lamp w/o looking if there is any
the reset is registered after the update, an exception between the two leaves the limits
what is observed stands before the constant
the listing tests can not fail. Compare with the expected contents.
take the one that brought the colour and leave it there
greater than 0 is trivially true, look for the id that was created
range(10) plus sleep(0.5) is a home-grown poller; the mixin has one already, I believe.
keep them in `self.source` and `self.dest`
on a setup without the port it explodes with IndexError, be nicer
the fourth guards against an off-by-one. Clever, and worth a comment.
patching by a text, mock.patch.object is more robust
`test_index` replaces the layer although the lamp was created, so the listing is tested against it
user_id is filled with the project id. Take the other, or say that it doesn't matter
a number, please; next year this runs against something that nobody knows
the id stands in the filter, too, so it has to be kept in step in two places
at the end the lamp is deleted, and whether that worked remains a secret
each set-up makes a lamp. It is deleted in none of them.
"""


def lines(text):
    return text.strip().splitlines()


@pytest.mark.parametrize("text", [*lines(ASKING), *lines(STILL)])
def test_remark_asks_for_a_change(text):
    assert asks(text) is Asks.CHANGE


@pytest.mark.parametrize("text", lines(DENYING))
def test_remark_asks_for_none(text):
    assert asks(text) is not Asks.CHANGE


def test_need_that_is_denied_leads_to_no_fix(tree):
    (tree / "tests/test_one.py").write_text(TREE)
    (tree / "review.md").write_text(
        "- tests/test_one.py:11: no need to check the length here\n"
        "- tests/test_one.py:11: not checking the length is fine here\n"
    )
    said = fixtests("review", "review.md", folder=tree)
    assert (said.code, b"diff --git" in said.out) == (0, False)
    assert "2 findings: 2 nothing to change." in said.err
