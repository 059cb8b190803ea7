from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        other = self.client.get("/other/")
        self.assertEqual(response.status_code, 200)
        self.assertContains(other, "Welcome")
