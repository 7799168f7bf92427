// A Stream made from a connected Asio socket; for net/'s .cpp files.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "net/stream.h"

namespace acquit::net {

/// `tls` null: in clear; else `name` is what a client wants to find in the other side's certificate.
[[nodiscard]] std::shared_ptr<Stream> make_stream(boost::asio::ip::tcp::socket socket, const std::shared_ptr<Tls>& tls,
                                                  const std::string& name);

}  // namespace acquit::net
