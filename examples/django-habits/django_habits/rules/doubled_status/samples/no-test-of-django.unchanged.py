from unittest import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertEqual(response.status_code, 200)
        self.assertContains(response, "Welcome")
