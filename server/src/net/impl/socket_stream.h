// A Stream made from a connected Asio socket; for net/'s .cpp files.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "net/stream.h"

namespace acquit::net {

[[nodiscard]] std::shared_ptr<Stream> make_stream(boost::asio::ip::tcp::socket socket);

}  // namespace acquit::net
