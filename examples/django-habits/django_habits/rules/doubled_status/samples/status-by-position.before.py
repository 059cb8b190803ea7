from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertEqual(response.status_code, 404)  # expect: DT102
        self.assertContains(response, "Gone", None, 404)
