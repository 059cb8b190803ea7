"""Pin tests that ask for the newest compute API version to the one of this release.

What: client and test class microversions of `'latest'` become COMPUTE (FT401).
Why: once a stable branch is cut, its tests run against newer servers, and a
test that asks for the latest version then tests something else each time.
When to delete: never; set COMPUTE before each branch, from the release's
`api/openstack/api_version_request.py`. The fixes count as unsafe because a tree
of clients or tests does not say what its servers offer: run the tests.
"""

from fixtests.migrate import Rules

COMPUTE = "2.103"  # 2026.1

RULES = Rules(
    select=("FT401",),
    options={"latest-microversion": {"compute": COMPUTE}},
    unsafe_fixes=True,
)
