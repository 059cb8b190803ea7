from django.test import TestCase


class PageTest(TestCase):

    def assertContains(self, response, text):
        self.assertIn(text, response.content.decode())

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertEqual(response.status_code, 200)
        self.assertContains(response, "Welcome")
