"""How the documentation is built: `sphinx-build -W -b html docs docs/_build`."""

import sys
from pathlib import Path

from fixtests import __version__

sys.path.insert(0, str(Path(__file__).parent))  # for `pages`

project = "fixtests"
version = release = __version__
copyright = "the authors of fixtests"  # noqa: A001  # the name that Sphinx reads
extensions = ["myst_parser", "openstackdocstheme", "pages"]
exclude_patterns = ["_build"]
templates_path = ["_templates"]
smartquotes = False  # they make a dash of `--`
highlight_language = "none"  # commands and what they print
myst_enable_extensions = ["html_image"]  # for a picture that needs a width
myst_heading_anchors = 3

html_theme = "openstackdocs"
html_theme_options = {
    "analytics_tracking_code": "",
    "root_title": project,
    "sidebar_search": True,
}
openstackdocs_auto_name = False  # it looks for a setup.cfg
openstackdocs_auto_version = False
