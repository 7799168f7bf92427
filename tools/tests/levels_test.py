"""tools/levels: that it lets the right includes pass and names each kind of wrong one."""

from tool import ToolTest

LEVELS = """
base
net db
connectors
connectors/iso8583
payments
sandbox may use: base net
sandbox may use: connectors/*/wire*.h
sandbox tests may use: connectors
connectors tests may use: connectors/iso8583
tests/support may use: base
"""


class Levels(ToolTest):
    def setUp(self):
        super().setUp()
        self.put("tools/levels.txt", LEVELS)
        self.put("server/src/base/money.h", "")
        self.put("server/src/net/loop.h", '#include "base/money.h"\n')
        self.put("server/src/db/tx.h", "")
        self.put("server/src/connectors/acquirer.h", "")
        self.put("server/src/connectors/iso8583/wire.h", '#include "connectors/acquirer.h"\n')
        self.put("server/src/connectors/iso8583/client.h", "")
        self.put("server/src/payments/payment.h", '#include "connectors/iso8583/client.h"\n')

    def assert_finds(self, text):
        status, output = self.run_tool("levels")
        self.assertEqual(status, 1, output)
        self.assertIn(text, output)

    def test_passes_downward_includes(self):
        self.put("server/sandbox/main.cpp", '#include "connectors/iso8583/wire.h"\n#include "net/loop.h"\n')
        self.put("server/src/net/loop.cpp", '#include <vector>\n#include "net/loop.h"\n')
        self.assertEqual(self.run_tool("levels"), (0, "levels: the includes of 9 files are fine\n"))

    def test_names_an_upward_include_with_its_line(self):
        self.put("server/src/base/money.h", '\n#include "payments/payment.h"\n')
        self.assert_finds("server/src/base/money.h:2: base includes upwards from payments")

    def test_names_a_sideways_include(self):
        self.put("server/src/db/tx.h", '#include "net/loop.h"\n')
        self.assert_finds("db includes sideways from net")

    def test_names_a_parent_that_includes_its_child(self):
        self.put("server/src/connectors/acquirer.h", '#include "connectors/iso8583/client.h"\n')
        self.assert_finds("connectors includes upwards from connectors/iso8583")

    def test_lets_tests_use_what_the_list_says(self):
        self.put("server/src/connectors/acquirer_test.cpp", '#include "connectors/iso8583/client.h"\n')
        self.assertEqual(self.run_tool("levels")[0], 0)
        self.put("server/src/connectors/acquirer_test.cpp", '#include "payments/payment.h"\n')
        self.assert_finds("connectors includes upwards from payments")
        self.put("server/src/connectors/acquirer.cpp", '#include "connectors/iso8583/client.h"\n')
        self.assert_finds("server/src/connectors/acquirer.cpp:1: connectors includes upwards from connectors/iso8583")

    def test_keeps_what_tests_share_to_tests_and_to_its_floor(self):
        self.put("tests/support/must.h", '#include "base/money.h"\n')
        for name in ("loop_test.cpp", "loop_fixture.h", "testing/far_loop.h"):
            self.put(f"server/src/net/{name}", '#include "tests/support/must.h"\n')
        self.assertEqual(self.run_tool("levels")[0], 0)
        self.put("server/src/net/loop.cpp", '#include "tests/support/must.h"\n')
        self.assert_finds("server/src/net/loop.cpp:1: tests/support/must.h is for tests only")
        self.put("tests/support/must.h", '#include "net/loop.h"\n')
        self.assert_finds("tests/support/must.h:1: tests/support may not use net/loop.h")

    def test_names_a_circle_inside_one_folder(self):
        self.put("server/src/base/a.h", '#include "base/b.h"\n')
        self.put("server/src/base/b.h", '#include "base/a.h"\n')
        self.assert_finds("circle: server/src/base/a.h -> server/src/base/b.h -> server/src/base/a.h")

    def test_names_a_foreign_impl(self):
        self.put("server/src/net/impl/socket.h", "")
        self.put("server/src/net/loop.cpp", '#include "net/impl/socket.h"\n')
        self.assertEqual(self.run_tool("levels")[0], 0)
        self.put("server/src/payments/pay.cpp", '#include "net/impl/socket.h"\n')
        self.assert_finds("net/impl/socket.h is private to net")

    def test_names_a_folder_that_nobody_listed(self):
        self.put("server/src/extras/more.h", "")
        self.assert_finds("server/src/extras/more.h: its folder is not in tools/levels.txt")

    def test_keeps_server_and_sandbox_apart(self):
        self.put("server/sandbox/bank.h", '#include "connectors/iso8583/client.h"\n')
        self.assert_finds("the sandbox may not use connectors/iso8583/client.h")
        self.put("server/sandbox/contract_test.cpp", '#include "connectors/iso8583/client.h"\n')
        self.assertNotIn("contract_test", self.run_tool("levels")[1])
        self.put("server/src/payments/pay.cpp", '#include "sandbox/bank.h"\n')
        self.assert_finds("the server may not know the sandbox")

    def test_ignores_an_include_in_a_comment(self):
        self.put("server/src/base/money.h", '/*\n#include "payments/payment.h"\n*/\n')
        self.assertEqual(self.run_tool("levels")[0], 0)
