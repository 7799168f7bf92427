"""docs/recipes.md: a recipe that names a file which is gone leads nowhere."""

import re
import unittest

from tool import TOOLS  # First: it makes the tools importable.

ROOT = TOOLS.parent
NAMED = re.compile(r"`([\w./-]*/[\w./-]*|[A-Z]+\.md)`")


class Recipes(unittest.TestCase):
    def setUp(self):
        self.text = (ROOT / "docs/recipes.md").read_text(encoding="utf-8")

    def test_name_files_that_are_there(self):
        named = NAMED.findall(self.text)
        self.assertGreater(len(named), 30)
        self.assertEqual([], [name for name in named if not (ROOT / name).exists()])

    def test_have_ten_lines_at_most(self):
        for recipe in self.text.split("\n## ")[1:]:
            title, _, steps = recipe.partition("\n")
            self.assertLessEqual(len(re.findall(r"^\d+\. ", steps, re.MULTILINE)), 10, title)


if __name__ == "__main__":
    unittest.main()
