from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertEqual(response.status_code, 404)
        self.assertContains(response, "Welcome")
        self.assertEqual(response.status_code, 200)
        self.assertRedirects(response, "/")
