#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "app/demo.h"
#include "app/desk.h"
#include "app/hardening.h"
#include "app/history.h"
#include "app/incident.h"
#include "app/lookup.h"
#include "app/migrate.h"
#include "app/node.h"
#include "app/openapi.h"
#include "app/operate.h"
#include "app/own_json.h"
#include "app/payment_options.h"
#include "app/reconcile.h"
#include "app/replay.h"
#include "app/route_list.h"
#include "app/settings.h"
#include "app/shop_commands.h"
#include "app/shop_file.h"
#include "app/vault_keys.h"
#include "app/wait_for_signal.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/version.h"
#include "platform/config/config.h"
#include "platform/vault/master_key.h"

namespace acquit::app {
namespace {

// A shop that did not take the call: done, but not with the outcome that was wanted.
constexpr int kNotTaken = 3;
// The database did not say whether it did it: look before doing it again.
constexpr int kPerhapsDone = 4;
// The shop was called, and the history does not show it.
constexpr int kNotNoted = 5;
// The bank's list and our books differ.
constexpr int kDiffers = 6;

struct ReplayArguments {
  bool all_failed = false;
  FailedOptions failed;
};

struct Arguments {
  std::string config_file;
  std::vector<std::string> overrides;
  std::string key_file = "master.key";
  DemoOptions demo;
  PaymentOptions payment;
  Lookup lookup;
  ReplayArguments replay;
  std::string new_key_file;
  std::string shop_file;
  std::string incident;
  std::string amount;
  std::string at_bank;
  ReconcileOptions reconcile;
  bool print_example = false;
  std::int64_t contract = 0;
};

int report(const base::Error& error) {
  std::fprintf(stderr, "acquit: %s\n",
               error.detail.empty() ? std::string(base::error_row(error.code).token).c_str() : error.detail.c_str());
  switch (error.consequence()) {
    case base::Consequence::perhaps_done: return kPerhapsDone;
    case base::Consequence::not_done:
    case base::Consequence::not_now:
    case base::Consequence::undone:
    case base::Consequence::broken: return 1;
  }
  return 1;
}

int serve(const platform::Config& config) {
  const auto node = Node::start(config);
  if (!node) return report(node.error());
  std::printf("ready %s\n", ready_json((*node)->url()).c_str());
  std::fflush(stdout);
  wait_for_signal([&] { (*node)->reload(); });
  (*node)->stop();
  return 0;
}

int migrate(const platform::Config& config) {
  const auto applied = bring_up_to_date(database_options(config), base::OsClock().now());
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

int print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return 0;
}

struct RoutesForm {
  bool json = false;
  bool openapi = false;
};

std::string routes_printed(RoutesForm form) {
  if (form.openapi) return openapi_json(all_routes(), base::version());
  return form.json ? routes_json(all_routes()) : routes_text(all_routes());
}

// What every command at the desk does: open it, work, tell.
template <class F>
int at_desk(const platform::Config& config, F work, Desk::Reads reads = Desk::Reads::primary) {
  const auto desk = Desk::open(config, reads);
  if (!desk) return report(desk.error());
  const base::Result<std::string> done = work(**desk);
  return done ? print(*done) : report(done.error());
}

// One way of naming payments or the other.
base::Result<std::string> told_of(Desk& desk, const PaymentOptions& payment, const Lookup& lookup) {
  if (!lookup.is_asked()) return history(desk, payment);
  if (payment.is_asked()) {
    return base::fail(base::ErrorCode::field_format,
                      "give either --order, --email, --last4 and days, or the number of one payment");
  }
  return look_up(desk, payment.shop, lookup);
}

int replay_one(Desk& desk, const PaymentOptions& payment) {
  const auto called = replay(desk, payment);
  if (!called) return report(called.error());
  print(delivery_line(called->delivery) + "\n");
  if (called->unnoted) {
    std::fprintf(stderr, "acquit: %s\n", unnoted_line(*called->unnoted).c_str());
    return kNotNoted;
  }
  return called->delivery.succeeded ? 0 : kNotTaken;
}

int replay_many(Desk& desk, const FailedOptions& options) {
  const auto report = replay_failed(desk, options, [](const std::string& line) { print(line + "\n"); });
  if (!report) return app::report(report.error());
  print(to_text(*report, options.dry_run));
  if (report->replayed.unnoted > 0) return kNotNoted;
  return options.dry_run || report->all_taken() ? 0 : kNotTaken;
}

int replay_notification(const platform::Config& config, const PaymentOptions& payment,
                        const ReplayArguments& arguments) {
  if (arguments.all_failed && payment.is_asked()) {
    return report(base::fail(base::ErrorCode::field_format, "give either --failed with days, or one payment").error());
  }
  const auto desk = Desk::open(config);
  if (!desk) return report(desk.error());
  if (!arguments.all_failed) return replay_one(**desk, payment);
  FailedOptions options = arguments.failed;
  options.shop = payment.shop;
  return replay_many(**desk, options);
}

int reconcile_with_acquirer(const platform::Config& config, const ReconcileOptions& options) {
  const auto desk = Desk::open(config);
  if (!desk) return report(desk.error());
  const auto reconciled = reconcile(**desk, options, [](const std::string& line) { print(line + "\n"); });
  if (!reconciled) return report(reconciled.error());
  print(to_text(*reconciled));
  return reconciled->differences == 0 ? 0 : kDiffers;
}

CLI::Option* add_shop_option(CLI::App& command, PaymentOptions& payment) {
  return command.add_option("--shop", payment.shop, "The shop's eight digits");
}

void add_payment_options(CLI::App& command, PaymentOptions& payment) {
  command.add_option("--transaction", payment.transaction, "Our id, as in the alert mail and in vads_trans_uuid");
  command.add_option("--payment", payment.payment, "Our id of the payment");
  command.add_option("--trans-id", payment.trans_id, "The six characters of vads_trans_id, with --date");
  command.add_option("--date", payment.date, "The day of --trans-id: 2026-12-31");
}

void add_required_payment(CLI::App& command, PaymentOptions& payment) {
  add_shop_option(command, payment)->required();
  add_payment_options(command, payment);
}

void add_deeds(CLI::App& cli, Arguments& arguments) {
  CLI::App* validate = cli.add_subcommand("validate", "Agree to the capture of a transaction that waits for it");
  add_required_payment(*validate, arguments.payment);
  validate->add_option("--amount", arguments.amount, "Capture only so much: 12.50");
  CLI::App* cancel = cli.add_subcommand("cancel", "Give up a transaction before its capture");
  add_required_payment(*cancel, arguments.payment);
  cancel->add_option("--amount", arguments.amount, "Give up only so much, capture the rest: 12.50");
  CLI::App* refund = cli.add_subcommand("refund", "Give money of a captured transaction back");
  add_required_payment(*refund, arguments.payment);
  refund->add_option("--amount", arguments.amount, "How much: 12.50")->required();
  const auto add_settle = [&](const std::string& name, const std::string& what) {
    CLI::App* settle = cli.add_subcommand(name, what);
    add_required_payment(*settle, arguments.payment);
    settle->add_option("--at-bank", arguments.at_bank, "Whether the bank's list has it")
        ->required()
        ->check(CLI::IsMember({"yes", "no"}));
  };
  add_settle("settle-capture", "End the doubt about a capture or refund that the bank may have");
  add_settle("settle-reversal",
             "End the doubt about a reversal: yes asks the bank anew, no says that it holds nothing");
}

void add_reconcile(CLI::App& cli, Arguments& arguments) {
  CLI::App* command = cli.add_subcommand(
      "reconcile-with-acquirer", "Compare the acquirer's list with our books, and write nothing; 6: they differ");
  ReconcileOptions& options = arguments.reconcile;
  command->add_option("--file", options.file, "The list as CSV: reference, status, amount, currency")->required();
  command->add_option("--from", options.from, "It has all since this day of UTC, 2026-12-31, or moment")->required();
  command->add_option("--to", options.to, "Until the end of this day, or before this moment; now");
  command->add_option("--shop", options.shop, "Only this one's eight digits");
  command->add_option("--back-days", options.back_days, "Look at transactions so much older than --from, too (31)");
}

std::optional<Deed> chosen_deed(const CLI::App& cli, const Arguments& arguments) {
  if (cli.got_subcommand("validate")) return Deed::validate;
  if (cli.got_subcommand("cancel")) return Deed::cancel;
  if (cli.got_subcommand("refund")) return Deed::refund;
  if (cli.got_subcommand("settle-capture")) {
    return arguments.at_bank == "yes" ? Deed::settle_at_bank : Deed::settle_not_at_bank;
  }
  if (cli.got_subcommand("settle-reversal")) {
    return arguments.at_bank == "yes" ? Deed::settle_reversal_at_bank : Deed::settle_reversal_not_at_bank;
  }
  return std::nullopt;
}

void add_history(CLI::App& cli, Arguments& arguments) {
  CLI::App* history = cli.add_subcommand("history", "What happened to a payment, and how its notifications went");
  add_required_payment(*history, arguments.payment);
  Lookup& lookup = arguments.lookup;
  history->add_option("--order", lookup.order, "The order's number, as the shop wrote it");
  history->add_option("--email", lookup.email, "The buyer's address, in any case");
  history->add_option("--last4", lookup.last4, "The last four digits of the card");
  history->add_option("--from", lookup.from, "Made since this day of UTC, 2026-12-31, or moment, 2026-12-31T08:00:00Z");
  history->add_option("--to", lookup.to, "Made until the end of this day, or before this moment");
  history->add_option("--limit", lookup.limit, "At most so many payments, the newest (50)");
  history->add_option("--before", lookup.before, "Those before this payment: the next ones of a long list");
}

void add_replay(CLI::App& cli, Arguments& arguments) {
  CLI::App* replay =
      cli.add_subcommand("replay-notification", "Call the shop's URL for the end of a payment again; 3: not taken");
  add_shop_option(*replay, arguments.payment);
  add_payment_options(*replay, arguments.payment);
  FailedOptions& failed = arguments.replay.failed;
  CLI::Option* all = replay->add_flag("--failed", arguments.replay.all_failed,
                                      "All whose last call failed between --from and --to, of every shop or of --shop");
  const auto add = [&](const std::string& name, auto& value, const std::string& what) {
    replay->add_option(name, value, what)->needs(all);
  };
  add("--from", failed.from, "Since this day of UTC, 2026-12-31, or moment, 2026-12-31T08:00:00Z");
  add("--to", failed.to, "Until the end of this day, or before this moment; now");
  add("--limit", failed.limit, "At most so many calls (1000)");
  replay->add_flag("--dry-run", failed.dry_run, "List them and call nobody")->needs(all);
}

void add_desk_commands(CLI::App& cli, Arguments& arguments) {
  add_deeds(cli, arguments);
  add_history(cli, arguments);
  add_replay(cli, arguments);
  add_reconcile(cli, arguments);
  CLI::App* incident = cli.add_subcommand("incident", "What was wrong with a form, by the number that its page shows");
  incident->add_option("number", arguments.incident, "The incident's number")->required();
  CLI::App* shop = cli.add_subcommand("add-shop", "Make a shop with its keys, contracts and rules");
  CLI::Option* file = shop->add_option("--file", arguments.shop_file, "The shop, as TOML");
  CLI::Option* example =
      shop->add_flag("--print-example", arguments.print_example, "Print a file with every key explained");
  example->excludes(file);
  CLI::App* contract = cli.add_subcommand("close-contract", "Take no new payment under a contract");
  add_shop_option(*contract, arguments.payment)->required();
  contract->add_option("--contract", arguments.contract, "The contract's number")->required();
  cli.add_subcommand("rotate-data-key", "Make a new data key for the vault");
  CLI::App* rewrap = cli.add_subcommand("rewrap-vault", "Wrap the vault's keys with another master key");
  rewrap->add_option("--new-master-key-file", arguments.new_key_file, "From create-master-key")->required();
}

// The status of one of the commands above; nothing if it was none of them.
std::optional<int> run_desk_command(const CLI::App& cli, const platform::Config& config, const Arguments& arguments) {
  const PaymentOptions& payment = arguments.payment;
  unblock_signals();
  if (cli.got_subcommand("history")) {
    return at_desk(config, [&](Desk& desk) { return told_of(desk, payment, arguments.lookup); }, Desk::Reads::reports);
  }
  if (const auto deed = chosen_deed(cli, arguments)) {
    return at_desk(config, [&](Desk& desk) { return operate(desk, *deed, payment, arguments.amount); });
  }
  if (cli.got_subcommand("replay-notification")) {
    return replay_notification(config, payment, arguments.replay);
  }
  if (cli.got_subcommand("reconcile-with-acquirer")) return reconcile_with_acquirer(config, arguments.reconcile);
  if (cli.got_subcommand("incident")) {
    return at_desk(config, [&](Desk& desk) { return incident(desk, arguments.incident); });
  }
  if (cli.got_subcommand("add-shop")) {
    return at_desk(config, [&](Desk& desk) { return add_shop(desk, arguments.shop_file); });
  }
  if (cli.got_subcommand("close-contract")) {
    return at_desk(config, [&](Desk& desk) { return close_contract(desk, payment.shop, arguments.contract); });
  }
  if (cli.got_subcommand("rotate-data-key")) return at_desk(config, rotate_data_key);
  if (cli.got_subcommand("rewrap-vault")) {
    const std::string& present = config.text("vault.master_key_file");
    return at_desk(config, [&](Desk& desk) { return rewrap_vault(desk, arguments.new_key_file, present); });
  }
  return std::nullopt;
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App cli("Acquit, a self-hosted payment platform");
  cli.set_version_flag("--version", "acquit " + std::string(base::version()));
  bool print_config = false;
  cli.add_flag("--print-config", print_config, "Print the configuration as a file, with every key explained");
  cli.add_option("--config", arguments.config_file, "Configuration file (TOML)");
  cli.add_option("--set", arguments.overrides, "section.name=value, over the file; may be repeated")
      ->allow_extra_args(false);
  cli.fallthrough();
  CLI::App* serve_command = cli.add_subcommand("serve", "Run the server");
  CLI::App* migrate_command = cli.add_subcommand("migrate", "Bring the database up to date");
  CLI::App* key_command = cli.add_subcommand("create-master-key", "Make the key that wraps the vault's keys");
  key_command->add_option("--file", arguments.key_file, "Where to write it")->required();
  CLI::App* routes_command = cli.add_subcommand("routes", "List what a server answers, and who may call it");
  RoutesForm routes_form;
  routes_command->add_flag("--json", routes_form.json, "As JSON");
  routes_command->add_flag("--openapi", routes_form.openapi, "As an OpenAPI 3.1 document");
  CLI::App* demo_command = cli.add_subcommand("demo", "Run server and sandbox with demo data");
  demo_command->add_option("--listen", arguments.demo.listen, "Address of the server");
  demo_command->add_option("--sandbox", arguments.demo.sandbox, "Address of the sandbox");
  demo_command->add_option("--data", arguments.demo.data, "Folder for the data")->required();
  demo_command->add_option("--database", arguments.demo.database, "postgresql://… instead of SQLite in the folder");
  add_desk_commands(cli, arguments);
  cli.require_subcommand(0, 1);
  CLI11_PARSE(cli, argc, argv);
  if (demo_command->parsed()) {
    arguments.demo.overrides = arguments.overrides;
    return run_demo(arguments.demo);
  }
  if (key_command->parsed()) return create_master_key(arguments.key_file);
  if (routes_command->parsed()) return print(routes_printed(routes_form));
  if (arguments.print_example) return print(std::string(shop_example()));
  const auto config = platform::Config::load(arguments.config_file, arguments.overrides);
  if (!config) return report(config.error());
  apply_log_level(*config);
  if (print_config) return print(config->print());
  if (serve_command->parsed()) return serve(*config);
  if (migrate_command->parsed()) return migrate(*config);
  if (const auto status = run_desk_command(cli, *config, arguments)) return *status;
  std::printf("%s", cli.help().c_str());
  return 2;
}

}  // namespace
}  // namespace acquit::app

int main(int argc, char** argv) {
  // What is thrown this far is a bug or the end of a resource; its words are all that can be given.
  try {
    acquit::app::block_signals();
    acquit::app::keep_memory_in();
    return acquit::app::run(argc, argv);
  } catch (const std::exception& failure) {
    std::fputs(failure.what(), stderr);
    std::fputc('\n', stderr);
    return 1;
  }
}
