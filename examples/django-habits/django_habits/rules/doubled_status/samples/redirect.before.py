from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertEqual(response.status_code, 302)  # expect: DT102
        self.assertRedirects(response, "/login/")
