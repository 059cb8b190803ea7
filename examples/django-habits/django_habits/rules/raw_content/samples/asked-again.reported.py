from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertEqual(response.status_code, 200)
        response = self.client.get("/other/")
        self.assertIn("Welcome", response.content.decode())  # expect: DT101
