from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertEqual(200, response.status_code)  # expect: DT102
        self.assertNotContains(response, "Error")
