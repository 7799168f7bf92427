// For tests that look at all SQL of the server at once: its files, and the tables that are described (db/table.h).
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "merchants/merchant_tables.h"
#include "notifications/delivery_table.h"
#include "payments/store/payment_tables.h"
#include "platform/outbox/message_table.h"
#include "platform/request_traces/trace_table.h"
#include "platform/vault/key_table.h"

namespace acquit::app {

/// Every one; a test finds out which is missing here.
inline std::vector<db::TableShape> described_tables() {
  return {merchants::kCompanyTable, merchants::kContractTable,   merchants::kGroupTable,
          merchants::kRuleTable,    merchants::kShopTable,       notifications::kDeliveryTable,
          payments::kPaymentTable,  payments::kTransactionTable, payments::kOperationTable,
          platform::kMessageTable,  platform::kTraceTable,       platform::kKeyTable};
}

struct SqlFile {
  std::string name;
  std::string content;
};

/// Of the whole server; those of tests lie in folders of their own.
inline std::vector<SqlFile> sql_files() {
  namespace fs = std::filesystem;
  std::vector<SqlFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(ACQUIT_SOURCE_DIR) / "server" / "src")) {
    if (entry.path().extension() != ".sql" || entry.path().string().contains("/testing/")) continue;
    const std::ifstream in(entry.path());
    std::ostringstream content;
    content << in.rdbuf();
    files.push_back({.name = entry.path().filename().string(), .content = content.str()});
  }
  return files;
}

}  // namespace acquit::app
