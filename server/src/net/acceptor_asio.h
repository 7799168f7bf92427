// Acceptor: a listening socket that hands over connected sockets; for .cpp files of net/ and http/ only (shows Asio).
//
// It keeps itself alive while it listens; whoever started it must stop() it. stop() is safe from any thread; once it
// has returned, `accepted` neither runs nor will run (unless it is `accepted` itself that stops).
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "net/loop.h"

namespace acquit::net {

class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  using Accepted = std::function<void(boost::asio::ip::tcp::socket)>;

  /// Listens at once. Errors: configuration_invalid (address), connection_failed (port taken, not permitted).
  static base::Result<std::shared_ptr<Acceptor>> start(Loop& loop, const std::string& address, Accepted accepted);
  Acceptor(Loop& loop, Accepted accepted);

  [[nodiscard]] const boost::asio::ip::tcp::endpoint& local() const { return local_; }
  void stop();

 private:
  base::Result<void> listen(const std::string& address);
  void wait_for_next();
  void handle(boost::system::error_code error, boost::asio::ip::tcp::socket socket);

  std::recursive_mutex mutex_;  // Recursive: `accepted` may call stop().
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  Accepted accepted_;
  boost::asio::ip::tcp::endpoint local_;
  bool stopped_ = false;
  bool failing_ = false;  // It is said once, not twenty times a second.
};

}  // namespace acquit::net
