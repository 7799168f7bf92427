// UncertainDatabase: a database that now and then does not say whether it committed, as one whose connection is lost at
// the commit.
//
// Passes everything on to the database that it owns. Safe from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "db/database.h"

namespace acquit::db::testing {

class UncertainDatabase final : public Database {
 public:
  enum class Truth : std::uint8_t { committed, rolled_back };

  UncertainDatabase(std::unique_ptr<Database> inner, base::Executor& executor)
      : Database(executor), inner_(std::move(inner)) {}

  /// The outcome of the write after `passing` others is lost; `truth` is what became of it.
  void lose(int passing, Truth truth) {
    const std::lock_guard lock(mutex_);
    passing_ = passing;
    truth_ = truth;
  }
  /// Whether it came to that.
  [[nodiscard]] bool has_lost() const {
    const std::lock_guard lock(mutex_);
    return passing_ < 0;
  }

  [[nodiscard]] Engine engine() const override { return inner_->engine(); }
  [[nodiscard]] Counters counters() const override { return inner_->counters(); }
  [[nodiscard]] bool spread_by_shop() const override { return inner_->spread_by_shop(); }

 private:
  class Lost final : public impl::Work {
   public:
    Lost(impl::Work& work, Truth truth) : work_(work), truth_(truth) {}
    base::Result<void> run(Tx& tx) override {
      ACQUIT_CHECK(work_.run(tx));
      if (truth_ == Truth::committed) return {};
      return base::fail(base::ErrorCode::outcome_unknown);
    }
    void finish(base::Result<void>) override {
      work_.finish(base::fail(base::ErrorCode::outcome_unknown, "the connection was lost while it committed"));
      delete this;
    }

   private:
    impl::Work& work_;
    const Truth truth_;
  };

  bool enqueue(LaneKey key, impl::Work& work) override {
    {
      const std::lock_guard lock(mutex_);
      if (!passing_ || *passing_ < 0 || (*passing_)-- > 0) return pass(*inner_, key, work);
    }
    auto lost = std::make_unique<Lost>(work, truth_);
    if (!pass(*inner_, key, *lost)) return false;
    static_cast<void>(lost.release());  // It ends itself.
    return true;
  }
  bool enqueue(impl::ReadWork& work) override { return pass(*inner_, work); }

  const std::unique_ptr<Database> inner_;
  mutable std::mutex mutex_;
  std::optional<int> passing_;  // How many more go through; below zero: it is lost.
  Truth truth_ = Truth::committed;
};

}  // namespace acquit::db::testing
