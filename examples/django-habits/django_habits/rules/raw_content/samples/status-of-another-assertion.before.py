from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertNotContains(response, "Error")
        self.assertIn("Welcome", response.content.decode())  # expect: DT101
