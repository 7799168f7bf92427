#include "app/demo.h"

#include <csignal>
#include <cstdio>
#include <filesystem>

#include "app/child.h"
#include "app/migrate.h"
#include "app/node.h"
#include "app/own_json.h"
#include "app/seed.h"
#include "app/settings.h"
#include "app/wait_for_signal.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "http/client.h"
#include "net/loop.h"
#include "platform/vault/master_key.h"

namespace acquit::app {
namespace {

base::Result<void> prepare_folder(const DemoOptions& options) {
  std::error_code failed;
  std::filesystem::create_directories(options.data, failed);
  if (failed)
    return base::fail(base::ErrorCode::configuration_invalid, options.data + ": " + failed.message(), "--data");
  const std::string key_file = options.data + "/master.key";
  if (std::filesystem::exists(key_file)) return {};
  base::OsRandom random;
  return platform::create_master_key(key_file, random);
}

base::Result<platform::Config> demo_config(const DemoOptions& options, const std::string& sandbox_line) {
  ACQUIT_TRY(const std::string sandbox, text_member(sandbox_line, "sandbox"));
  ACQUIT_TRY(const std::string acquirer, text_member(sandbox_line, "acquirer"));
  ACQUIT_TRY(const std::string smtp, text_member(sandbox_line, "smtp"));
  std::vector<std::string> settings{
      "server.listen=" + options.listen,
      "database.url=" + (options.database.empty() ? "sqlite:" + options.data + "/acquit.db" : options.database),
      "vault.master_key_file=" + options.data + "/master.key",
      "acquirer.address=" + acquirer,
      "threeds.directory_url=" + sandbox + "/threeds/ds",
      "mail.server=smtp://" + smtp,
      "mail.require_tls=false",
      "mail.from=paiement@acquit.example",
  };
  settings.insert(settings.end(), options.overrides.begin(), options.overrides.end());
  return platform::Config::load({}, settings);
}

// The sandbox's shop has to know where to send its buyers; our port may have been chosen by the system.
base::Result<void> introduce(const std::string& sandbox, const std::string& server) {
  net::Loop loop(1);
  loop.run_in_background();
  const auto client = http::Client::make({.allow_private_addresses = true}, loop);
  const auto answer = base::sync_wait(client->send({.method = http::Method::post,
                                                    .url = sandbox + "/control/server",
                                                    .headers = {{"content-type", "application/json"}},
                                                    .body = url_json(server)}));
  if (!answer) return std::unexpected(answer.error());
  if (answer->status >= 300)
    return base::fail(base::ErrorCode::protocol_violation, "the sandbox answered " + answer->body);
  return {};
}

base::Result<void> run(const DemoOptions& options) {
  ACQUIT_CHECK(prepare_folder(options));
  ACQUIT_TRY(Child sandbox,
             Child::start(program_folder() + "/acquit-sandbox",
                          {"--listen", options.sandbox, "--with-parent", "--data", options.data + "/sandbox"}));
  ACQUIT_TRY(const std::string line, sandbox.read_line());
  ACQUIT_TRY(const platform::Config config, demo_config(options, line));
  apply_log_level(config);
  ACQUIT_TRY(const auto applied, bring_up_to_date(database_options(config), base::OsClock().now()));
  for (const auto& migration : applied) base::log::info("migrated", {{"migration", migration.name}});
  ACQUIT_TRY(const std::string sandbox_url, text_member(line, "sandbox"));
  ACQUIT_CHECK(seed_demo(config, {.sandbox_url = sandbox_url}));
  ACQUIT_TRY(const auto node, Node::start(config));
  ACQUIT_CHECK(introduce(sandbox_url, node->url()));
  std::printf("ready %s\n", ready_json(node->url(), sandbox_url).c_str());
  std::fflush(stdout);
  wait_for_signal([&] { node->reload(); });
  node->stop();
  sandbox.stop();
  return {};
}

}  // namespace

int run_demo(const DemoOptions& options) {
  const auto done = run(options);
  if (done) return 0;
  base::log::failed("demo", done.error());
  return 1;
}

}  // namespace acquit::app
