"""tools/sbom: what the bill names, and that it is the same each time; with stand-ins for dpkg-query, ldd and readelf."""

import base64
import json
import os
import re
from pathlib import Path
from unittest import mock

from tool import TOOLS, ToolTest

PACKAGES = "# Build.\ncmake\n\n# Network.\n# More of it.\nlibssl-dev\n\n# Tests.\nlibgtest-dev\n"
DPKG = """#!/bin/sh
if [ "$1" = -W ]; then cat "$(dirname "$0")/installed"; exit; fi
echo 'libssl3:amd64: /usr/lib/libssl.so.3'
echo 'libz1:amd64: /lib/libz.so.1'
exit 1
"""
INSTALLED = {"cmake": "3.25", "libssl-dev": "3.0+deb1", "libssl3": "1:3.0+deb1", "libz1": "1.2", "libgtest-dev": "1.12"}
LOCK = {
    "packages": {
        "": {"name": "x"},
        "node_modules/@a/b": {"version": "1.0", "license": "MIT", "integrity": "sha512-" + base64.b64encode(b"hi").decode()},
    }
}


class Sbom(ToolTest):
    def setUp(self):
        super().setUp()
        self.put("CMakeLists.txt", "project(acquit VERSION 1.2.3 LANGUAGES CXX)\n")
        self.put("tools/packages.txt", PACKAGES)
        self.put("tests/e2e/package-lock.json", json.dumps(LOCK))
        self.put("build/acquit", "")
        self.put("doc/libssl3/copyright", "Format: x\n\nFiles: *\nCopyright: y\nLicense: BSD-3-clause\n text\n")
        self.put("doc/libz1/copyright", "Free text: do what you like.\n")
        self.install(INSTALLED)
        self.program("dpkg-query", DPKG)
        self.program("readelf", "#!/bin/sh\necho ' 0x1 (NEEDED)  Shared library: [libssl.so.3]'\n")
        self.program("ldd", "#!/bin/sh\necho '\tlibssl.so.3 => /lib/libssl.so.3 (0x1)'\necho '\t/lib/libz.so.1 (0x2)'\n")
        path = f"{self.root / 'bin'}:{os.environ['PATH']}"
        patch = mock.patch.dict(os.environ, {"PATH": path})
        patch.start()
        self.addCleanup(patch.stop)

    def program(self, name, text):
        self.put(f"bin/{name}", text)
        (self.root / "bin" / name).chmod(0o755)

    def install(self, packages):
        self.put("bin/installed", "".join(f"{name} {version} amd64 installed\n" for name, version in packages.items()))

    def sbom(self, *arguments):
        return self.run_tool("sbom", "--documents", str(self.root / "doc"), *arguments)

    def bill(self):
        status, output = self.sbom()
        self.assertEqual((status, output), (0, "sbom: 6 components are fine\n"))
        return json.loads((self.root / "build/acquit.cdx.json").read_text(encoding="utf-8"))

    def components(self):
        return {made["name"]: made for made in self.bill()["components"]}

    def test_has_the_shape_of_cyclonedx(self):
        bill = self.bill()
        self.assertEqual((bill["bomFormat"], bill["specVersion"], bill["version"]), ("CycloneDX", "1.5", 1))
        self.assertRegex(bill["serialNumber"], r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        self.assertEqual(bill["metadata"]["component"]["version"], "1.2.3")
        references = [made["bom-ref"] for made in bill["components"]]
        self.assertEqual(references, sorted(set(references)))
        for made in bill["components"]:
            self.assertLessEqual({"type", "bom-ref", "name", "version", "scope", "purl"}, set(made))
        self.assertLessEqual(set(bill["dependencies"][0]["dependsOn"]), set(references))

    def test_says_the_role_of_each_component(self):
        roles = {name: (made["properties"][0]["value"], made["scope"]) for name, made in self.components().items()}
        self.assertEqual(
            roles,
            {
                "libssl3": ("linked", "required"),
                "libz1": ("linked", "required"),
                "libssl-dev": ("compiled in", "required"),
                "cmake": ("tool", "excluded"),
                "libgtest-dev": ("test", "excluded"),
                "@a/b": ("test", "excluded"),
            },
        )

    def test_names_only_what_the_program_itself_asks_for_as_its_dependency(self):
        direct = " ".join(self.bill()["dependencies"][0]["dependsOn"])
        self.assertIn("libssl3", direct)
        self.assertNotIn("libz1", direct)

    def test_gives_versions_and_licences_as_others_read_them(self):
        found = self.components()
        self.assertEqual(found["libssl3"]["purl"], "pkg:deb/debian/libssl3@1%3A3.0%2Bdeb1?arch=amd64&distro=debian-12")
        self.assertEqual(found["libssl3"]["licenses"], [{"license": {"id": "BSD-3-Clause"}}])
        self.assertNotIn("licenses", found["libz1"])
        self.assertEqual(found["@a/b"]["purl"], "pkg:npm/%40a/b@1.0")
        self.assertEqual(found["@a/b"]["hashes"], [{"alg": "SHA-512", "content": b"hi".hex()}])

    def test_is_the_same_each_time_and_another_after_an_upgrade(self):
        first = self.bill()
        self.assertEqual(self.bill(), first)
        self.install(INSTALLED | {"libz1": "1.3"})
        self.assertNotEqual(self.bill()["serialNumber"], first["serialNumber"])

    def test_records_versions_and_names_what_differs(self):
        self.assertEqual(self.sbom("--record")[0], 0)
        self.assertEqual(self.sbom("--compare")[0], 0)
        self.install(INSTALLED | {"libz1": "1.3"})
        status, output = self.sbom("--compare")
        self.assertEqual(status, 1)
        self.assertIn("recorded, not here: deb libz1 1.2\nhere, not recorded: deb libz1 1.3\n", output)

    def test_makes_no_bill_that_lacks_something(self):
        self.install({name: version for name, version in INSTALLED.items() if name != "cmake"})
        self.assertIn("not installed: cmake", self.sbom()[1])
        self.program("ldd", "#!/bin/sh\necho '\tlibx.so => not found'\n")
        self.assertEqual(self.sbom()[0], 2)
        self.assertFalse((self.root / "build/acquit.cdx.json").exists())

    def test_every_package_that_is_wanted_has_a_recorded_version(self):
        wanted = re.findall(r"^[a-z]\S*", Path(TOOLS / "packages.txt").read_text(encoding="utf-8"), re.MULTILINE)
        recorded = re.findall(r"^deb (\S+) \S+$", Path(TOOLS / "versions.txt").read_text(encoding="utf-8"), re.MULTILINE)
        self.assertEqual(sorted(set(wanted) - set(recorded)), [])
