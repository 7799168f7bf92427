// TemporaryDatabase: a database of either engine for one test, gone when destroyed; and helpers to use it.
#pragma once

#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "base/executor.h"
#include "base/task.h"
#include "db/database.h"

namespace acquit::db::testing {

class TemporaryDatabase {
 public:
  /// Nothing if the engine is not installed here: skip the test, visibly.
  static std::unique_ptr<TemporaryDatabase> make(Engine engine);
  /// With the schema of this build: a copy of one that the program migrates when first asked for it.
  static std::unique_ptr<TemporaryDatabase> make_migrated(Engine engine);
  ~TemporaryDatabase();

  TemporaryDatabase(const TemporaryDatabase&) = delete;
  TemporaryDatabase& operator=(const TemporaryDatabase&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] Options options() const { return {.url = url_}; }
  /// Runs a text of several statements, for tables that only a test has. Throws what goes wrong.
  void execute(const std::string& script) const;

 private:
  TemporaryDatabase(std::filesystem::path directory, std::string url)
      : directory_(std::move(directory)), url_(std::move(url)) {}
  std::filesystem::path directory_;  // Empty for PostgreSQL, whose server removes everything.
  std::string url_;
};

/// Starts `task` and hands out its value as a future, which any thread may wait for.
template <class T>
std::future<T> start(base::Task<T> task) {
  auto promise = std::make_shared<std::promise<T>>();  // Shared: the task may outlive the caller.
  auto future = promise->get_future();
  base::spawn([](base::Task<T> owned, std::shared_ptr<std::promise<T>> done) -> base::Task<void> {
    done->set_value(co_await std::move(owned));
  }(std::move(task), std::move(promise)));
  return future;
}

/// How PostgreSQL would run `statement` on this connection, as `explain` words it.
[[nodiscard]] base::Result<std::string> plan_of(ReadTx& tx, const Statement& statement, Params params);

/// "sqlite" or "postgresql", for the names of parameterised tests.
[[nodiscard]] std::string engine_name(Engine engine);

}  // namespace acquit::db::testing
