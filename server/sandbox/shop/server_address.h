// ServerAddress: where the payment server is, which may be told only after the start. Safe from any thread.
#pragma once

#include <mutex>
#include <string>
#include <utility>

#include "base/result.h"

namespace acquit::sandbox {

class ServerAddress {
 public:
  /// "http://127.0.0.1:18080", with or without a last slash; empty while unknown. Errors: field_format.
  base::Result<void> set(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    const bool usable = url.starts_with("http://") || url.starts_with("https://");
    if (!url.empty() && (!usable || url.find_first_of(" \"'<>?#\r\n") != std::string::npos)) {
      return base::fail(base::ErrorCode::field_format, "The address must be like http://127.0.0.1:18080", "url");
    }
    const std::lock_guard lock(mutex_);
    url_ = std::move(url);
    return {};
  }
  /// Without a last slash.
  [[nodiscard]] std::string get() const {
    const std::lock_guard lock(mutex_);
    return url_;
  }

 private:
  mutable std::mutex mutex_;
  std::string url_;
};

}  // namespace acquit::sandbox
