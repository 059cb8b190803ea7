from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")
        self.assertEqual(response.status_code, 200)  # expect: DT102

        # The page greets whoever comes.
        self.assertContains(response, "Welcome")
