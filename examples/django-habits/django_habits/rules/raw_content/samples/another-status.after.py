from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertEqual(404, response.status_code)
        self.assertContains(response, "Welcome", status_code=404)
