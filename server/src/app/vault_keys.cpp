#include "app/vault_keys.h"

#include "platform/vault/master_key.h"

namespace acquit::app {

base::Result<std::string> rotate_data_key(Desk& desk) {
  ACQUIT_TRY(const std::int64_t number, base::sync_wait(desk.vault().rotate_data_key()));
  return "data key " + std::to_string(number) +
         " is made; it seals in two minutes, once every server has read it. What is sealed already stays readable.\n";
}

base::Result<std::string> rewrap_vault(Desk& desk, const std::string& new_master_key_file,
                                       const std::string& present_file) {
  ACQUIT_TRY(auto next, platform::load_master_key(new_master_key_file));
  ACQUIT_TRY(const auto present, platform::load_master_key(present_file));
  if (next.id == present.id) {
    return base::fail(base::ErrorCode::configuration_invalid,
                      new_master_key_file +
                          " holds the master key that is in use; make another one with 'acquit "
                          "create-master-key'",
                      "--new-master-key-file");
  }
  ACQUIT_TRY(const std::int64_t keys, base::sync_wait(desk.vault().rewrap(std::move(next))));
  return std::to_string(keys) + " keys are wrapped with " + new_master_key_file +
         ".\nSet vault.master_key_file to it and start every server again. Until then they go on, but can't learn of a "
         "new data key.\nKeep the old file for as long as a back-up made before now is kept.\n";
}

}  // namespace acquit::app
