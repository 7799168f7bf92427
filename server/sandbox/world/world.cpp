#include "sandbox/world/world.h"

#include <boost/json.hpp>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "http/client.h"
#include "http/router.h"
#include "http/server.h"
#include "net/address.h"
#include "net/loop.h"
#include "sandbox/acquirer/host.h"
#include "sandbox/control/control.h"
#include "sandbox/inbox/inbox_pages.h"
#include "sandbox/inbox/smtp_inbox.h"
#include "sandbox/look/page.h"
#include "sandbox/shop/shop.h"
#include "sandbox/threeds/threeds_sandbox.h"
#include "sandbox/world/index_page.h"

namespace acquit::sandbox {
namespace {

constexpr std::size_t kThreads = 2;
constexpr base::Milliseconds kGrace{500};
constexpr std::size_t kBodyMax = 1U << 20U;

// "host:port" with the host that was asked for and the port that it became.
std::string really(const std::string& asked, int port) {
  auto address = net::parse_address(asked).value_or(net::HostPort{.host = "127.0.0.1"});
  address.port = static_cast<std::uint16_t>(port);
  return net::to_string(address);
}

base::Result<std::string> journal_in(const std::string& folder) {
  if (folder.empty()) return std::string();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return base::fail(base::ErrorCode::configuration_invalid, folder + " can't be made: " + error.message(), "data");
  }
  return (std::filesystem::path(folder) / "acquirer.journal").string();
}

std::optional<net::TlsFiles> acquirer_tls(const WorldOptions& options) {
  if (options.acquirer_certificate.empty()) return std::nullopt;
  return net::TlsFiles{.ca_file = options.acquirer_ca,
                       .certificate_file = options.acquirer_certificate,
                       .key_file = options.acquirer_key};
}

// The directory server as a client of the 3DS Server's.
base::Result<std::shared_ptr<net::Tls>> directory_tls(const WorldOptions& options) {
  if (options.directory_certificate.empty()) return nullptr;
  return net::Tls::make(net::Tls::Side::client, {.ca_file = options.directory_ca,
                                                 .certificate_file = options.directory_certificate,
                                                 .key_file = options.directory_key});
}

}  // namespace

struct World::Parts {
  explicit Parts(const WorldOptions& chosen) : options(chosen) {}

  WorldOptions options;
  base::OsClock clock;
  base::OsRandom random;
  net::Loop loop{kThreads};
  ServerAddress server_address;
  Faults shop_faults;
  Faults smtp_faults;
  AcsFaults acs_faults;
  Mailbox mailbox;
  std::unique_ptr<http::Client> client;
  std::optional<ThreeDsSandbox> threeds;
  Shop shop{{}, clock, loop, random, server_address, shop_faults};
  std::unique_ptr<AcquirerHost> acquirer;
  std::unique_ptr<SmtpInbox> inbox;
  http::Router router;
  std::unique_ptr<http::Server> http_server;
  // Where 3-D Secure comes by TLS: directory and issuer have doors of their own.
  http::Router directory_router;
  http::Router issuer_router;
  std::unique_ptr<http::Server> directory_server;
  std::unique_ptr<http::Server> issuer_server;
  bool stopped = false;

  base::Result<void> start();
  void add_routes();
  base::Result<void> open_threeds_doors();
  [[nodiscard]] bool threeds_by_tls() const { return !options.directory_certificate.empty(); }
  [[nodiscard]] const http::Server& directory_door() const {
    return directory_server ? *directory_server : *http_server;
  }
  void stop();
};

base::Result<void> World::Parts::start() {
  ACQUIT_CHECK(server_address.set(options.server));
  ACQUIT_TRY(std::string journal, journal_in(options.data_folder));
  loop.run_in_background();
  ACQUIT_TRY(acquirer, AcquirerHost::start(loop, clock,
                                           {.address = options.acquirer_listen,
                                            .tls = acquirer_tls(options),
                                            .journal_path = std::move(journal)}));
  ACQUIT_TRY(inbox, SmtpInbox::start(loop, clock, mailbox, smtp_faults, {.address = options.smtp_listen}));
  ACQUIT_TRY(auto tls, directory_tls(options));
  client = http::Client::make({.allow_private_addresses = true, .tls = std::move(tls)}, loop);
  threeds.emplace(ThreeDsSandboxOptions{}, *client, loop, random, acs_faults);
  add_routes();
  ACQUIT_TRY(http_server,
             http::Server::start({.listen = options.listen, .body_max = kBodyMax}, loop, random,
                                 [this](http::Request request) { return router.route(std::move(request)); }));
  threeds->set_public_url(http_server->url());
  return threeds_by_tls() ? open_threeds_doors() : base::Result<void>();
}

base::Result<void> World::Parts::open_threeds_doors() {
  threeds->add_directory_routes(directory_router);
  threeds->add_issuer_routes(issuer_router);
  http::ServerOptions door{.listen = really(options.listen, 0),
                           .certificate_file = options.directory_certificate,
                           .key_file = options.directory_key,
                           .body_max = kBodyMax};
  ACQUIT_TRY(issuer_server, http::Server::start(door, loop, random, [this](http::Request request) {
               return issuer_router.route(std::move(request));
             }));
  door.client_ca_file = options.directory_ca;
  ACQUIT_TRY(directory_server, http::Server::start(door, loop, random, [this](http::Request request) {
               return directory_router.route(std::move(request));
             }));
  threeds->set_public_url(issuer_server->url());
  return {};
}

void World::Parts::add_routes() {
  add_look_routes(router);
  add_index_routes(router);
  add_inbox_routes(router, mailbox);
  shop.add_routes(router);
  if (!threeds_by_tls()) {
    threeds->add_directory_routes(router);
    threeds->add_issuer_routes(router);
  }
  add_control_routes(router, {.acquirer = *acquirer,
                              .acs_faults = acs_faults,
                              .shop_faults = shop_faults,
                              .smtp_faults = smtp_faults,
                              .server = server_address});
}

void World::Parts::stop() {
  if (std::exchange(stopped, true)) return;
  shop.stop();
  if (threeds) threeds->stop();
  for (auto* const server : {&http_server, &directory_server, &issuer_server}) {
    if (*server) (*server)->stop(kGrace);
  }
  if (inbox) base::sync_wait(inbox->stop());
  if (acquirer) base::sync_wait(acquirer->stop());
  client.reset();
  loop.stop();
}

World::World(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
World::~World() { stop(); }

base::Result<std::unique_ptr<World>> World::start(const WorldOptions& options) {
  auto world = std::unique_ptr<World>(new World(std::make_unique<Parts>(options)));
  ACQUIT_CHECK(world->parts_->start());
  base::log::info("sandbox_started", {{"url", world->url()}});
  return world;
}

std::string World::url() const { return parts_->http_server->url(); }

std::string World::ready_json() const {
  return boost::json::serialize(
      boost::json::object{{"sandbox", url()},
                          {"acquirer", really(parts_->options.acquirer_listen, parts_->acquirer->port())},
                          {"smtp", really(parts_->options.smtp_listen, parts_->inbox->port())},
                          {"directory", parts_->directory_door().url() + "/threeds/ds"}});
}

void World::stop() { parts_->stop(); }

}  // namespace acquit::sandbox
