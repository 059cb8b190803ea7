from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertEqual(404, response.status_code)
        self.assertIn("Welcome", response.content.decode())  # expect: DT101
