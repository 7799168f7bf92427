#include "sandbox/acquirer/journal.h"

#include "base/list.h"
#include "base/log.h"

namespace acquit::sandbox {

base::Result<Journal> Journal::open(const std::string& path,
                                    const std::function<bool(const std::vector<std::string_view>&)>& replay) {
  bool torn = false;
  std::size_t skipped = 0;
  if (std::ifstream before(path, std::ios::binary); before) {
    for (std::string line; std::getline(before, line);) {
      torn = before.eof();  // The last line has no end: its writer died in it.
      if (torn || !replay(base::split(line, '\t'))) ++skipped;
    }
  }
  if (skipped > 0) base::log::warning("sandbox_journal_skipped", {{"records", skipped}});
  std::ofstream file(path, std::ios::binary | std::ios::app);
  if (torn) file << '\n';
  if (!file) return base::fail(base::ErrorCode::configuration_invalid, "Can't write to " + path + ".", "journal");
  return Journal(std::move(file));
}

bool Journal::append(std::span<const std::string> fields) {
  file_ << base::join(fields, "\t") + "\n" << std::flush;
  if (file_) return true;
  file_.clear();
  return false;
}

}  // namespace acquit::sandbox
