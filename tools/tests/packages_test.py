"""tools/packages.txt: a library that nothing includes is installed, recorded and watched for nothing."""

import re
import subprocess
from pathlib import Path

from tool import TOOLS, ToolTest  # First: it makes the tools importable.

import common

INCLUDE = re.compile(r"^\s*#\s*include\s*<([^>]+)>", re.MULTILINE)
# The compiler's own; what it links by itself or by an option.
OF_THE_COMPILER = {"libstdc++-12-dev", "libclang-rt-19-dev"}


def wanted_libraries():
    wanted = re.findall(r"^lib\S+-dev$", (TOOLS / "packages.txt").read_text(encoding="utf-8"), re.MULTILINE)
    return sorted(set(wanted) - OF_THE_COMPILER)


def included(root):
    paths = common.files(root, Path("server"), Path("tests"), suffixes={".h", ".cpp"})
    return {name for path in paths for name in INCLUDE.findall(common.read(root, path))}


def headers_of(files):
    """What may stand between < and > for the files of a package. Where Boost divides a library from its headers, the
    part that holds the library has none but its name."""
    for file in files:
        below = file.removeprefix("/usr/include/")
        if below != file:
            yield below
            if "/" in below:
                yield below.split("/", 1)[1]  # x86_64-linux-gnu/curl/curl.h, postgresql/libpq-fe.h
        elif library := re.search(r"/libboost_(\w+)\.so$", file):
            yield f"boost/{library[1]}"


def is_used(files, includes):
    folders = tuple(f"{name}/" for name in headers_of(files) if re.fullmatch(r"boost/\w+", name))
    return not includes.isdisjoint(headers_of(files)) or any(one.startswith(folders) for one in includes if folders)


def files_of(package):
    done = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


class Packages(ToolTest):
    def test_every_library_that_is_installed_is_included(self):
        includes = included(common.ROOT)
        self.assertEqual([one for one in wanted_libraries() if not is_used(files_of(one), includes)], [])

    def test_knows_a_library_that_is_used(self):
        for files, include in (
            (["/usr/include/toml++/toml.h"], "toml++/toml.h"),
            (["/usr/include/x86_64-linux-gnu/curl/curl.h"], "curl/curl.h"),
            (["/usr/include/postgresql/libpq-fe.h"], "libpq-fe.h"),
            (["/usr/lib/x86_64-linux-gnu/libboost_url.so"], "boost/url/encode.hpp"),
        ):
            self.assertTrue(is_used(files, {"string", include}), include)

    def test_knows_a_library_that_is_not(self):
        for files in (["/usr/include/sodium.h"], ["/usr/lib/x86_64-linux-gnu/libboost_url.so"], []):
            self.assertFalse(is_used(files, {"string", "boost/urls.hpp", "boost/json/string.hpp"}), files)
