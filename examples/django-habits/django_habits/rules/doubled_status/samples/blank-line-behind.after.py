from django.test import TestCase


class PageTest(TestCase):

    def test_page(self):
        response = self.client.get("/pages/")

        # The page greets whoever comes.
        self.assertContains(response, "Welcome")
