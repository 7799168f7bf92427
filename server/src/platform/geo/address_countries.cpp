#include "platform/geo/address_countries.h"

#include <maxminddb.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <optional>
#include <string_view>

#include "base/ascii.h"

namespace acquit::platform {
namespace {

constexpr std::string_view kMappedIpv4 = "::ffff:";

std::unexpected<base::Error> fault(const std::string& file, const std::string& what) {
  return base::fail(base::ErrorCode::configuration_invalid, file + ": " + what, file);
}

// A copy of the file without a name: the library maps what it opens, and a map of a file that shrinks ends the process.
class Copy {
 public:
  static std::optional<Copy> of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    const int descriptor = ::memfd_create("address_countries", MFD_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    Copy copy(descriptor);
    if (!in || !copy.fill(in)) return std::nullopt;
    return copy;
  }
  Copy(Copy&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  Copy& operator=(Copy&&) = delete;
  ~Copy() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  explicit Copy(int descriptor) : descriptor_(descriptor) {}

  bool fill(std::istream& in) {
    constexpr std::size_t kAtOnce = 1U << 16U;
    std::string part(kAtOnce, '\0');
    while (in.read(part.data(), static_cast<std::streamsize>(part.size())) || in.gcount() > 0) {
      std::string_view left(part.data(), static_cast<std::size_t>(in.gcount()));
      while (!left.empty()) {
        const ssize_t written = ::write(descriptor_, left.data(), left.size());
        if (written <= 0) return false;
        left.remove_prefix(static_cast<std::size_t>(written));
      }
    }
    return in.eof();
  }

  int descriptor_;
};

// Where makers of such files put the country.
using Path = std::array<const char*, 3>;
constexpr auto kPaths = std::to_array<Path>({{"country", "iso_code", nullptr},
                                             {"registered_country", "iso_code", nullptr},
                                             {"country_code", nullptr, nullptr},
                                             {"country", nullptr, nullptr}});

bool is_country(std::string_view text) {
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  return text.size() == 2 && is_letter(text[0]) && is_letter(text[1]);
}

}  // namespace

class AddressCountries::Database {
 public:
  static base::Result<std::shared_ptr<const Database>> open(const std::string& file) {
    const auto copy = Copy::of(file);
    if (!copy) return fault(file, "can't be read");
    auto database = std::make_shared<Database>();
    const int status = ::MMDB_open(copy->path().c_str(), MMDB_MODE_MMAP, &database->handle_);
    if (status != MMDB_SUCCESS) return fault(file, std::string("not in MaxMind's format: ") + ::MMDB_strerror(status));
    database->open_ = true;
    return database;
  }
  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  Database(Database&&) = delete;
  Database& operator=(Database&&) = delete;
  ~Database() {
    if (open_) ::MMDB_close(&handle_);
  }

  [[nodiscard]] std::string find(const std::string& address) const {
    int bad_address = 0;
    int failure = 0;
    MMDB_lookup_result_s found = ::MMDB_lookup_string(&handle_, address.c_str(), &bad_address, &failure);
    if (bad_address != 0 || failure != MMDB_SUCCESS || !found.found_entry) return {};
    for (const Path& path : kPaths) {
      MMDB_entry_data_s data{};
      if (::MMDB_aget_value(&found.entry, &data, path.data()) != MMDB_SUCCESS || !data.has_data) continue;
      if (data.type != MMDB_DATA_TYPE_UTF8_STRING) continue;
      const std::string country = base::ascii_upper(std::string_view(data.utf8_string, data.data_size));
      if (is_country(country)) return country;
    }
    return {};
  }

 private:
  MMDB_s handle_{};
  bool open_ = false;
};

AddressCountries::AddressCountries(std::string file) : file_(std::move(file)) {}
AddressCountries::~AddressCountries() = default;

base::Result<std::unique_ptr<AddressCountries>> AddressCountries::load(const std::string& file) {
  std::unique_ptr<AddressCountries> countries(new AddressCountries(file));
  ACQUIT_CHECK(countries->reload());
  return countries;
}

base::Result<void> AddressCountries::reload() {
  if (file_.empty()) return {};
  ACQUIT_TRY(auto next, Database::open(file_));
  const std::lock_guard lock(mutex_);
  database_.swap(next);
  return {};
}

std::string AddressCountries::find(const std::string& address) const {
  std::shared_ptr<const Database> database;
  {
    const std::lock_guard lock(mutex_);
    database = database_;
  }
  if (!database || address.empty()) return {};
  return database->find(address.starts_with(kMappedIpv4) ? address.substr(kMappedIpv4.size()) : address);
}

}  // namespace acquit::platform
