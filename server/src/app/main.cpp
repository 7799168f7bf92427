#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "app/demo.h"
#include "app/node.h"
#include "app/settings.h"
#include "app/wait_for_signal.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "db/migrate.h"
#include "http/version.h"
#include "platform/config/config.h"
#include "platform/vault/master_key.h"

namespace acquit::app {
namespace {

struct Arguments {
  std::string config_file;
  std::vector<std::string> overrides;
  std::string key_file = "master.key";
  DemoOptions demo;
};

int report(const base::Error& error) {
  std::fprintf(stderr, "acquit: %s\n",
               error.detail.empty() ? std::string(base::error_row(error.code).token).c_str() : error.detail.c_str());
  return 1;
}

int serve(const platform::Config& config) {
  const auto node = Node::start(config);
  if (!node) return report(node.error());
  std::printf("ready {\"server\":\"%s\"}\n", (*node)->url().c_str());
  std::fflush(stdout);
  wait_for_signal([&] {
    const auto reloaded = (*node)->reload_certificate();
    if (!reloaded) base::log::failed("reload_certificate", reloaded.error());
  });
  (*node)->stop();
  return 0;
}

int migrate(const platform::Config& config) {
  const auto applied = db::migrate(database_options(config), base::OsClock().now());
  if (!applied) return report(applied.error());
  for (const auto& migration : *applied) std::printf("%04d %s\n", migration.number, migration.name.c_str());
  if (applied->empty()) std::printf("up to date\n");
  return 0;
}

int create_master_key(const std::string& file) {
  base::OsRandom random;
  const auto made = platform::create_master_key(file, random);
  if (!made) return report(made.error());
  std::printf("%s: keep a copy elsewhere; without it no stored card can be read\n", file.c_str());
  return 0;
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App cli("Acquit, a self-hosted payment platform");
  cli.set_version_flag("--version", "acquit " + std::string(http::kVersion));
  bool print = false;
  cli.add_flag("--print-config", print, "Print the configuration as a file, with every key explained");
  cli.add_option("--config", arguments.config_file, "Configuration file (TOML)");
  cli.add_option("--set", arguments.overrides, "section.name=value, over the file; may be repeated")
      ->allow_extra_args(false);
  cli.fallthrough();
  CLI::App* serve_command = cli.add_subcommand("serve", "Run the server");
  CLI::App* migrate_command = cli.add_subcommand("migrate", "Bring the database up to date");
  CLI::App* key_command = cli.add_subcommand("create-master-key", "Make the key that wraps the vault's keys");
  key_command->add_option("--file", arguments.key_file, "Where to write it")->required();
  CLI::App* demo_command = cli.add_subcommand("demo", "Run server and sandbox with demo data");
  demo_command->add_option("--listen", arguments.demo.listen, "Address of the server");
  demo_command->add_option("--sandbox", arguments.demo.sandbox, "Address of the sandbox");
  demo_command->add_option("--data", arguments.demo.data, "Folder for the data")->required();
  demo_command->add_option("--database", arguments.demo.database, "postgresql://… instead of SQLite in the folder");
  cli.require_subcommand(0, 1);
  CLI11_PARSE(cli, argc, argv);
  if (demo_command->parsed()) {
    arguments.demo.overrides = arguments.overrides;
    return run_demo(arguments.demo);
  }
  if (key_command->parsed()) return create_master_key(arguments.key_file);
  const auto config = platform::Config::load(arguments.config_file, arguments.overrides);
  if (!config) return report(config.error());
  apply_log_level(*config);
  if (print) {
    std::printf("%s", config->print().c_str());
    return 0;
  }
  if (serve_command->parsed()) return serve(*config);
  if (migrate_command->parsed()) return migrate(*config);
  std::printf("%s", cli.help().c_str());
  return 2;
}

}  // namespace
}  // namespace acquit::app

int main(int argc, char** argv) {
  // What is thrown this far is a bug or the end of a resource; its words are all that can be given.
  try {
    acquit::app::block_signals();
    return acquit::app::run(argc, argv);
  } catch (const std::exception& failure) {
    std::fputs(failure.what(), stderr);
    std::fputc('\n', stderr);
    return 1;
  }
}
