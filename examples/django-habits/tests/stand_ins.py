"""What the samples need of Django to be run: its test case, with the assertions of the fixes."""

from fake_api.cases import Case


class DjangoCase(Case):
    """A test case that compares as Django's does, as far as the rules go."""

    def assertContains(self, response, text, count=None, status_code=200, msg_prefix=""):
        self.assertEqual(response.status_code, status_code)
        self.assertIn(text, _content(response, text))

    def assertNotContains(self, response, text, status_code=200, msg_prefix=""):
        self.assertEqual(response.status_code, status_code)
        self.assertNotIn(text, _content(response, text))

    def assertRedirects(self, response, expected_url, status_code=302):
        self.assertEqual(response.status_code, status_code)
        self.assertEqual(response.url, expected_url)


def _content(response, text):
    return response.content if isinstance(text, bytes) else response.content.decode()


PROVIDED = {"django.test": {"TestCase": DjangoCase, "SimpleTestCase": DjangoCase}}
# What the fix of a rule may assert, and what may go.
MAY_ASSERT = {"raw-content": ("assertContains(", "assertNotContains(")}
MAY_DROP = {"raw-content": ("assertIn(", "assertNotIn("), "doubled-status": ("assertEqual(",)}
