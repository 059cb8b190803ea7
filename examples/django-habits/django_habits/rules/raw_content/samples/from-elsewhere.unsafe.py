from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.fetch("/pages/")
        self.assertEqual(response.status_code, 200)
        self.assertContains(response, "Welcome")
