from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertIn("Welcome", response.content.decode("utf-8"))  # expect: DT101
